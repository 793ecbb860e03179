"""Listens in place of packetsentryd, greets, and writes down what clients send: fake_daemon.py PATH RECORD

RECORD gets a line for each connection, once it has ended: "BYTES bytes, DESCRIPTORS descriptors".
"""
import array
import os
import socket
import sys

from control_client import REPLY, VERSION, frame, number, text

ROOM = 1 << 16
GREETING = frame(text(REPLY, number(1, 1) + text(3, number(1, VERSION) + text(2, "packetsentryd 0.1.0"))))


def receive(connection):
    """The number of bytes, and that of the descriptors that came with them."""
    data, ancillary, _, _ = connection.recvmsg(ROOM, socket.CMSG_SPACE(4 * 16))
    descriptors = array.array("i")
    for _, kind, payload in ancillary:
        if kind == socket.SCM_RIGHTS:
            descriptors.frombytes(payload[:len(payload) - len(payload) % 4])
    for descriptor in descriptors:
        os.close(descriptor)
    return len(data), len(descriptors)


def serve(connection):
    """Answers the first message, which is the hello, and the client then sends its request."""
    size, descriptors = receive(connection)
    if size == 0:
        return 0, descriptors
    connection.sendall(GREETING)
    more, passed = receive(connection)
    return size + more, descriptors + passed


def main(path, record):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    os.chmod(path, 0o666)
    listener.listen(16)
    while True:
        connection, _ = listener.accept()
        with connection, open(record, "a", encoding="ascii") as file:
            try:
                size, descriptors = serve(connection)
            except OSError:
                size = descriptors = 0
            print(f"{size} bytes, {descriptors} descriptors", file=file)


main(*sys.argv[1:])
