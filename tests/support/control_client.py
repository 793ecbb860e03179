"""The control socket spoken by hand (packetsentry-protocol(7)), so that a test can also speak it badly."""
import array
import os
import socket
import struct

HELLO, START, STOP, LIST, SHOW, FOLLOW, FILTER, INTERFACES, STATUS, POLICY, RENEW = range(2, 13)
REPLY, ITEM = 1, 2
VERSION = 2  # of the protocol
ERROR = 2


def varint(number):
    out = b""
    while number > 0x7F:
        out += bytes((number & 0x7F | 0x80,))
        number >>= 7
    return out + bytes((number,))


def number(field, value):
    return varint(field << 3) + varint(value)


def text(field, value):
    value = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(value)) + value


def frame(message):
    return struct.pack("<I", len(message)) + message


def request(kind, body=b"", request_id=1):
    return frame(number(1, request_id) + text(kind, body))


def hello():
    return request(HELLO, number(1, VERSION) + text(2, "a test"))


def start(name, interface="eth0", foreground=False, save=False, bpf=""):
    capture = text(1, interface) + text(2, text(4, bpf)) + (text(6, number(1, 1)) if save else b"")
    return text(1, capture) + text(2, name) + number(3, int(foreground))


def follow(job, first=1):
    return text(1, job) + number(2, first)


def fields(message):
    """The fields of a message: number to the list of its values."""
    found, at = {}, 0

    def read():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(message):
        key = read()
        if key & 7 == 0:
            value = read()
        elif key & 7 == 2:
            size = read()
            value, at = message[at:at + size], at + size
        else:
            size = {1: 8, 5: 4}[key & 7]
            value, at = message[at:at + size], at + size
        found.setdefault(key >> 3, []).append(value)
    return found


class Closed(Exception):
    pass


def connect():
    connection = socket.socket(socket.AF_UNIX)
    # With a time limit it would not wait for a place in the queue.
    connection.connect(os.environ["PACKETSENTRY_SOCKET"])
    return connection


def connect_as(uid, groups):
    """The same as another user: the kernel keeps who connected, whoever uses the connection afterwards."""
    here, there = socket.socketpair()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups(groups)
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            connection = connect()
            socket.send_fds(there, [b"."], [connection.fileno()])
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    there.close()
    with here:
        return socket.socket(fileno=socket.recv_fds(here, 1, 1)[1][0])


class Client:
    """One connection. Everything that waits, waits at most ten seconds."""

    def __init__(self, greet=True, connection=None):
        self.socket = connection or connect()
        self.socket.settimeout(10)
        self.waiting = b""
        if greet:
            self.socket.sendall(hello())
            self.reply()

    def send(self, data, descriptors=(), flags=0):
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
        return self.socket.sendmsg([data], rights, flags)

    def message(self):
        while True:
            if len(self.waiting) >= 4:
                size = struct.unpack("<I", self.waiting[:4])[0]
                if len(self.waiting) >= 4 + size:
                    whole, self.waiting = self.waiting[4:4 + size], self.waiting[4 + size:]
                    return fields(whole)
            try:
                more = self.socket.recv(1 << 18)
            except (ConnectionResetError, BrokenPipeError):
                more = b""
            if not more:
                raise Closed
            self.waiting += more

    def reply(self):
        while True:
            message = self.message()
            if REPLY in message:
                return fields(message[REPLY][0])

    def ask(self, kind, body=b"", request_id=1, descriptors=()):
        self.send(request(kind, body, request_id), descriptors)
        return self.reply()

    def error(self):
        """The error of the next reply, as (id, code, text); None: it is none."""
        reply = self.reply()
        return error_of(reply)

    def close(self):
        self.socket.close()

    def closed_by_daemon(self):
        """The daemon says nothing more and closes."""
        try:
            while True:
                self.message()
        except Closed:
            return True


def error_of(reply):
    if ERROR not in reply:
        return None
    error = fields(reply[ERROR][0])
    return reply.get(1, [0])[0], error.get(1, [0])[0], error.get(2, [b""])[0].decode()
