"""What a hostile or broken client does: attack.py NAME ARGUMENTS…

Each attack is a function below. It ends with status 0 where the daemon did what it should, else with what
it did instead. PACKETSENTRY_SOCKET says where the daemon is.
"""
import array
import os
import select
import signal
import socket
import struct
import sys
import time
import traceback

from control_client import (FILTER, FOLLOW, HELLO, INTERFACES, LIST, SHOW, START, STATUS, STOP, Client, Closed,
                            connect_as, error_of, follow, frame, hello, number, request, start, text)


def expect(what, expected, actual):
    if expected != actual:
        sys.exit(f"{what}: expected {expected!r}, got {actual!r}")


def connected():
    one = socket.socket(socket.AF_UNIX)
    one.connect(os.environ["PACKETSENTRY_SOCKET"])
    return one


def rights(descriptors):
    return [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))]


EPOLL = select.epoll()


# ---- Descriptors

def unwanted(count):
    """COUNT requests, each with four descriptors that it does not want."""
    client = Client()
    pair = socket.socketpair()
    kinds = [os.open("/dev/null", os.O_RDWR), EPOLL.fileno(), os.pidfd_open(os.getpid()),
             pair[0].fileno()]
    for first in range(0, int(count), 50):
        for i in range(50):
            client.send(request(STATUS, b"", first + i + 1), kinds)
        for i in range(50):
            expect("a reply", [first + i + 1], client.reply()[1])


def bombs(count):
    """COUNT connections, each with one message of 253 descriptors, which is one too many by 249."""
    null = os.open("/dev/null", os.O_RDWR)
    for _ in range(int(count)):
        client = Client()
        client.send(request(STATUS), [null] * 253)
        expect("a bomb", "more descriptors than a message may carry", client.error()[2])
        client.closed_by_daemon()
        client.close()


def spread(count):
    """A descriptor beside each of a message's seven bytes; COUNT times."""
    null = os.open("/dev/null", os.O_RDWR)
    for _ in range(int(count)):
        client = Client()
        try:
            for byte in request(STATUS):
                client.send(bytes((byte,)), [null])
        except (BrokenPipeError, ConnectionResetError):
            pass
        expect("spread over a message", "more descriptors than a message may carry", client.error()[2])
        client.close()


def cycle(count):
    """COUNT connections pass their own end through themselves, and are left to the kernel."""
    for i in range(int(count)):
        client = Client()
        client.send(request(STATUS), [client.socket.fileno()])
        if i % 2:
            client.reply()
        else:
            client.send(struct.pack("<I", 60000) + b"half", [client.socket.fileno()])
        client.close()


def forged(uid, *_):
    """Says that it is another user: the kernel does not let it."""
    client = Client()
    for wrong in ((os.getpid(), 0, 0), (1, os.getuid(), os.getgid())):
        try:
            client.socket.sendmsg([request(STATUS)], [(socket.SOL_SOCKET, socket.SCM_CREDENTIALS,
                                                       struct.pack("iii", *wrong))])
            sys.exit(f"credentials {wrong} were sent")
        except PermissionError:
            pass
    client.socket.sendmsg([request(STATUS)], [(socket.SOL_SOCKET, socket.SCM_CREDENTIALS,
                                               struct.pack("iii", os.getpid(), os.getuid(), os.getgid()))])
    expect("with its own", [1], client.reply()[1])
    expect("uid", int(uid), os.getuid())


def lingering():
    """A TCP connection whose close() waits ten minutes for a peer that reads nothing."""
    listener = socket.create_server(("127.0.0.1", 0))
    here = socket.create_connection(listener.getsockname())
    there, _ = listener.accept()
    here.setblocking(False)
    try:
        while True:
            here.send(b"x" * 65536)
    except BlockingIOError:
        pass
    here.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 600))
    return here, there


def pass_lingering(way, client, descriptors):
    if way == "part":
        client.send(b"\x40\0\0\0half", descriptors)
    elif way == "unread":
        # Behind an error that ends the connection; a read ends with the first that has descriptors.
        client.send(b"\0\0\0\0", [client.socket.fileno()])
        client.send(b"\0\0\0\0", descriptors)
    elif way == "out of band":
        # Such a byte can be dropped, with what came beside it, in the midst of the other side's read.
        client.send(b"\x40\0\0\0half")
        client.send(b"!", descriptors, socket.MSG_OOB)
        client.send(b"more")
    elif way == "nested":
        left, right = socket.socketpair()
        left.sendmsg([b"x"], rights(descriptors))
        client.send(request(STATUS), [right.fileno()])
    else:
        client.send(request(STATUS), descriptors)


def linger(count, daemon, uid, gid):
    """As root, COUNT times each way through a connection of UID: sockets that linger, in a request, too many, in
    parts, unread, out of band, nested. DAEMON stands still meanwhile, so that who sends them has ended before it
    closes them, and is not who waits."""
    keep = []
    for _ in range(int(count)):
        for way in ("request", "too many", "part", "unread", "out of band", "nested"):
            client = Client(connection=connect_as(int(uid), [int(gid)]))
            ours, its = socket.socketpair()
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    mine = [lingering() for _ in range(6 if way == "too many" else 1)]
                    socket.send_fds(its, [b"."], [there.fileno() for _, there in mine])
                    os.kill(int(daemon), signal.SIGSTOP)
                    pass_lingering(way, client, [here.fileno() for here, _ in mine])
                    status = 0
                except BaseException:
                    traceback.print_exc()
                finally:
                    os._exit(status)
            try:
                with ours, its, client.socket:
                    keep += socket.recv_fds(ours, 1, 6)[1]
                    expect(f"status of who sent: {way}", 0, os.waitpid(child, 0)[1])
            finally:
                os.kill(int(daemon), signal.SIGCONT)
    print("passed", flush=True)
    time.sleep(1)


# ---- Messages

def half_open(least, most):
    """Connections in every half-finished state: each is closed after LEAST to MOST seconds, with its reason."""
    begin = time.monotonic()

    def closed(what):
        after = time.monotonic() - begin
        if after < float(least):
            sys.exit(f"{what} was closed after {after:.3f} s already")
        print(f"{what}: closed after {after:.0f} s")

    def silent():
        return connected()

    def half_hello():
        one = connected()
        one.sendall(hello()[:7])
        return one

    def half_request():
        client = Client()
        client.socket.sendall(request(STATUS)[:5])
        return client.socket

    def half_length():
        client = Client()
        client.socket.sendall(b"\x10\0")
        return client.socket

    # Nobody's: the last is a member's good right.
    made = {make(): make.__name__ for make in (silent, half_hello, half_request, half_length)}
    idle = Client()
    drips = Client()
    message = request(SHOW, text(1, "x" * 200))
    sent = 0
    while made or drips:
        if time.monotonic() - begin > float(most):
            sys.exit(f"{len(made)} are still open after {most} s")
        if drips:
            try:
                drips.socket.sendall(message[sent:sent + 1])
                sent += 1
            except (BrokenPipeError, ConnectionResetError):
                drips = None
                closed("a byte a second")
        for one in select.select(list(made), [], [], 1)[0]:
            if not one.recv(4096):
                closed(made.pop(one))
    expect("who has said hello", [7], idle.ask(STATUS, b"", 7)[1])


GARBAGE = {
    "four GiB": (b"\xff\xff\xff\xff", "a message of 4294967295 bytes; at most 65536 are allowed"),
    "a byte too long": (b"\x01\x00\x01\x00", "a message of 65537 bytes; at most 65536 are allowed"),
    "nothing": (b"\0\0\0\0", "the message is not a request with an id"),
    "id 0": (request(STATUS, b"", 0), "the message is not a request with an id"),
    "no protobuf": (frame(b"\xff" * 40), "the message is not a request with an id"),
    "cut protobuf": (frame(request(STATUS)[4:-1]), "the message is not a request with an id"),
    "zeros": (frame(b"\0" * 60000), "the message is not a request with an id"),
    "a group": (frame(b"\x0b" * 60000), "the message is not a request with an id"),
}


def garbage(rounds):
    for _ in range(int(rounds)):
        for what, (data, text_expected) in GARBAGE.items():
            client = Client()
            client.socket.sendall(data)
            expect(what, (0, 1, text_expected), client.error())
            client.closed_by_daemon()
            client.close()
        early = Client(greet=False)
        early.socket.sendall(request(STATUS))
        expect("no hello", "say hello with version 2 first;", early.error()[2][:31])
        early.close()
    stays = Client()
    expect("an unknown request", 1, error_of(stays.ask(99, b"\xff" * 100))[1])
    expect("a request without a kind", 1, stays.send(frame(number(1, 5))) and stays.error()[1])
    # As large as it may be.
    expect("a large one", 7, error_of(stays.ask(SHOW, text(1, "x" * 65000)))[1])
    expect("afterwards", [9], stays.ask(STATUS, b"", 9)[1])


def pipelined(count):
    """COUNT requests sent and no reply read, until nothing more is taken."""
    client = Client()
    client.socket.setblocking(False)
    data = b"".join(request(LIST, b"", i + 1) for i in range(500))
    sent = 0
    stuck = time.monotonic()
    while sent < int(count) and time.monotonic() - stuck < 2:
        try:
            client.socket.send(data)
            sent += 500
            stuck = time.monotonic()
        except BlockingIOError:
            time.sleep(0.05)
    print(f"{sent} of {count} were taken")
    expect("all taken", True, sent < int(count))


# ---- Ends of a connection

def shutdowns():
    client = Client()
    client.send(request(STATUS, b"", 5))
    client.socket.shutdown(socket.SHUT_WR)
    expect("an answer to who sends no more", [5], client.reply()[1])
    client.closed_by_daemon()
    client = Client()
    client.socket.shutdown(socket.SHUT_RD)
    try:
        for _ in range(200):
            client.send(request(STATUS))
            time.sleep(0.01)
        sys.exit("who reads no more is still served")
    except (BrokenPipeError, ConnectionResetError):
        pass


def deaths(rounds, job):
    """Dies in each state of each request."""
    output = os.open("output", os.O_CREAT | os.O_WRONLY, 0o600)
    states = {
        "connected": lambda c: None,
        "in its hello": lambda c: c.socket.sendall(hello()[:5]),
        "start": lambda c: c.send(request(START, start("", foreground=True))),
        "start that saves": lambda c: c.send(request(START, start("", foreground=True, save=True)), [output]),
        "start, a little later": lambda c: (c.send(request(START, start("", foreground=True))), time.sleep(0.01)),
        "started": lambda c: c.ask(START, start("", foreground=True)),
        "start that is refused": lambda c: c.send(request(START, start("", foreground=True, bpf="port nonsense"))),
        "follow": lambda c: c.send(request(FOLLOW, follow(job))),
        "following": lambda c: c.ask(FOLLOW, follow(job)),
        "stop": lambda c: (c.ask(START, start("", foreground=True)), c.send(request(STOP, number(2, 1)))),
        "filter": lambda c: c.send(request(FILTER, text(1, job) + text(2, text(1, "udp")))),
        "interfaces": lambda c: c.send(request(INTERFACES)),
        "list": lambda c: c.send(request(LIST)),
    }
    for _ in range(int(rounds)):
        for what, act in states.items():
            if what == "stop" and job:
                # Would stop the job that others follow.
                continue
            client = Client(greet=what not in ("connected", "in its hello"))
            act(client)
            client.close()


def stops():
    """Dies while a stop waits."""
    client = Client()
    client.ask(START, start("", foreground=True))
    client.send(request(STOP, number(2, 1)))
    client.close()


def churn(count, what):
    """COUNT clients of one kind, one after the other, none of which says goodbye."""
    acts = {
        "silent": lambda: connected(),
        "greeted": lambda: Client(),
        "status": lambda: (lambda c: (c.send(request(STATUS)), c)[1])(Client()),
        "half": lambda: (lambda c: (c.socket.sendall(b"\x10\0\0\0x"), c)[1])(Client()),
    }
    refused = 0
    for _ in range(int(count)):
        try:
            one = acts[what]()
        except Closed:
            refused += 1
            continue
        one.close()
    print(f"{what}: {refused} of {count} refused")


def followers(count, job):
    """COUNT followers of JOB on as few connections as may be, which read nothing; until ended."""
    mine = []
    for i in range(int(count)):
        if i % 16 == 0:
            mine.append(Client())
        mine[-1].send(request(FOLLOW, follow(job), i + 1))
        expect("follow", [i + 1], mine[-1].reply()[1])
    print("here", flush=True)
    signal.pause()


def readers(count, job):
    """COUNT connections that follow JOB once each and read nothing; until ended."""
    mine = []
    for i in range(int(count)):
        mine.append(Client())
        mine[-1].send(request(FOLLOW, follow(job), i + 1))
        expect("follow", [i + 1], mine[-1].reply()[1])
    print("here", flush=True)
    signal.pause()


# ---- Outputs

def outputs():
    """Every kind of descriptor as an output, and what becomes of it."""
    def sealed():
        fd = os.memfd_create("sealed", os.MFD_ALLOW_SEALING)
        import fcntl
        fcntl.fcntl(fd, 1033, 8)  # F_ADD_SEALS, F_SEAL_WRITE
        return fd

    def no_reader():
        reader, writer = os.pipe()
        os.close(reader)
        return writer

    def fifo():
        os.mkfifo("fifo")
        fd = os.open("fifo", os.O_RDWR)
        return fd

    def file(name, flags):
        os.close(os.open(name, os.O_CREAT | os.O_WRONLY, 0o600))
        return os.open(name, flags)

    kinds = {
        "/dev/null": lambda: os.open("/dev/null", os.O_WRONLY),
        "/dev/zero": lambda: os.open("/dev/zero", os.O_RDWR),
        "directory": lambda: os.open(".", os.O_RDONLY),
        "O_PATH": lambda: file("path", os.O_PATH),
        "unix socket": lambda: socket.socketpair()[0].detach(),
        "TCP socket": lambda: socket.socket().detach(),
        "epoll": lambda: os.dup(EPOLL.fileno()),
        "pidfd": lambda: os.pidfd_open(os.getpid()),
        "read-only file": lambda: file("read-only", os.O_RDONLY),
        "read end of a pipe": lambda: os.pipe()[0],
        "pipe": lambda: os.pipe()[1],
        "pipe without a reader": no_reader,
        "FIFO with nobody": fifo,
        "memfd": lambda: os.memfd_create("memory"),
        "sealed memfd": sealed,
        "file": lambda: file("file", os.O_WRONLY),
        "append-only file": lambda: file("append", os.O_WRONLY | os.O_APPEND),
    }
    for what, make in kinds.items():
        client = Client()
        fd = make()
        error = error_of(client.ask(START, start("", save=True), 1, [fd]))
        print(f"{what}: {error[1:] if error else 'taken'}", flush=True)
        client.ask(STOP, number(2, 1))
        client.close()


def main():
    globals()[sys.argv[1]](*sys.argv[2:])


main()
