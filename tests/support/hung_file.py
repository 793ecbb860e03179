"""A file in a user's own file system that never answers again once it is open, or after WRITES; the last of those
takes SECONDS: 11, so that who waits for it has been given up.

hung_file.py send UID GID [WRITES [SECONDS]]
    Sends the daemon a start that saves into it, and a request with it that wants none, as user UID. Prints
    "sent" then, and goes on, not answering, until it is ended.
hung_file.py stall UID GID WRITES SECONDS STORED
    Starts a job that saves into it as user UID. The last of so many writes takes SECONDS; all others are answered at
    once, and what is written stands in the file STORED. Prints "sent" when the job has begun, and goes on until it is
    ended.
hung_file.py flood UID GID
    Brings it as user UID: 200 with a request on each of 60 connections at once, then again and again 4 and 200, until
    it is sent away for that, and tries to come back. Prints "refused: REASON" then, and goes on, not answering, until
    it is ended.
hung_file.py change UID GID JOBS TIMES
    Of it the ends alone are not answered. Saves into it as user UID in so many jobs, and changes the filter of each so
    often, and of the first until that is refused. Prints "refused: REASON" then, and goes on until it is ended.
hung_file.py turns UID GID DAEMON
    The ends alone are not answered, save to process DAEMON. Starts jobs that save into it as user UID and stops them,
    one after the other, until it is refused. Prints "refused: REASON" then, and goes on until it is ended.
hung_file.py unread UID GID DAEMON COUNT USERS
    As user UID, and as ps65531, ps65530, … beside it, each until it is refused or COUNT times: a connection that ends with the file within
    another socket, unread. Process DAEMON stands still meanwhile, so that it is who closes that. Prints
    "refused: REASON" for each, or "passed all", then "done", and goes on until it is ended.
hung_file.py keep PID_FILE SOCKET PROGRAM ARGUMENTS…
    Becomes a program that is handed it as systemd hands over what it kept: as "kept-1", beside the listening
    SOCKET. The file system ends with the process in PID_FILE.

Root: it mounts the file system, in a mount namespace of its own.
"""
import ctypes
import os
import resource
import signal
import socket
import struct
import sys
import tempfile
import threading
import time

from control_client import FILTER, START, STATUS, STOP, Client, Closed, connect_as, hello, request, start, text

LOOKUP, GETATTR, SETATTR, OPEN, WRITE, FLUSH, INIT = 1, 3, 4, 14, 16, 25, 26
WRITEBACK_CACHE = 1 << 16
libc = ctypes.CDLL(None, use_errno=True)
hung = threading.Event()
unanswered = set()  # kinds, before it is hung too
answered = None  # a process, nevertheless
writes_left = 0  # 0: as many as come
last_write_takes = 11
flags = 0
stored = None  # the file that has what is written


def checked(result):
    if result != 0:
        sys.exit(f"mount: {os.strerror(ctypes.get_errno())}")


def attributes(inode):
    mode = 0o40755 if inode == 1 else 0o100666
    return struct.pack("<QQQQQQIIIIIIIIII", inode, 0, 0, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)


def written(data):
    global writes_left
    writes_left -= 1
    if writes_left == 0:
        time.sleep(last_write_takes)
        if stored is None:
            hung.set()
    _, offset, size = struct.unpack_from("<QQI", data, 40)
    if stored is not None:
        os.pwrite(stored, data[80:80 + size], offset)
    return struct.pack("<II", size, 0)


def answer(kind, inode, data):
    if kind == INIT:
        return struct.pack("<IIIIHHIIHHI7I", 7, 31, 0, flags, 12, 10, 65536, 1, 1, 0, 0, *[0] * 7)
    if kind == LOOKUP:
        inode = 2 + int(data[40:].rstrip(b"\0").removeprefix(b"file") or 0)
        return struct.pack("<QQQQII", inode, 0, 60, 0, 0, 0) + attributes(inode)
    if kind in (GETATTR, SETATTR):
        return struct.pack("<QII", 0, 0, 0) + attributes(inode)
    if kind == OPEN:
        return struct.pack("<QII", 1, 0, 0)
    if kind == WRITE:
        return written(data)
    if kind == FLUSH and answered:
        return b""
    return None


def serve(device):
    while True:
        data = os.read(device, 1 << 17)
        _, kind, unique, inode, _, _, thread = struct.unpack_from("<IIQQIII", data)
        if hung.is_set() or (kind in unanswered and not os.path.exists(f"/proc/{answered}/task/{thread}")):
            continue
        body = answer(kind, inode, data)
        head = struct.pack("<IiQ", 16 + len(body or b""), 0 if body is not None else -38, unique)
        os.write(device, head + (body or b""))


def make_file_system():
    """The path of the file, and the device through which it is served."""
    checked(libc.unshare(0x00020000))  # CLONE_NEWNS
    checked(libc.mount(b"none", b"/", None, 0x4000 | 0x40000, None))  # MS_REC | MS_PRIVATE
    directory = tempfile.mkdtemp()
    device = os.open("/dev/fuse", os.O_RDWR)
    checked(libc.mount(b"hung", directory.encode(), b"fuse", 0,
                       f"fd={device},rootmode=40000,user_id=0,group_id=0,allow_other".encode()))
    return directory + "/file", device


def serve_for_ever(device):
    signal.signal(signal.SIGUSR2, lambda *_: hung.set())
    threading.Thread(target=serve, args=(device,), daemon=True).start()
    while True:
        signal.pause()


def serve_from_parent():
    """As make_file_system(), in a child of the process that serves."""
    path, device = make_file_system()
    if os.fork() != 0:
        serve_for_ever(device)
    return path, device


def opened(path, device):
    """The server alone holds the device: when that ends, so does all waiting."""
    os.close(device)
    return os.open(path, os.O_WRONLY)


def hang(server):
    os.kill(server, signal.SIGUSR2)
    time.sleep(0.2)


def become(uid, gid):
    os.setresgid(-1, int(gid), -1)
    os.setresuid(-1, int(uid), -1)
    libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG, after what resets it


def send(uid, gid, writes=0, seconds=11):
    global writes_left, last_write_takes
    writes_left, last_write_takes = int(writes), int(seconds)
    path, device = serve_from_parent()
    fd = opened(path, device)
    if writes_left == 0:
        hang(os.getppid())
    become(uid, gid)
    saves, other = Client(), Client()
    saves.send(request(START, start("hangs", save=True)), [fd])
    other.send(request(STATUS), [fd])
    print("sent", flush=True)
    signal.pause()


def stall(uid, gid, writes, seconds, path_stored):
    global writes_left, last_write_takes, stored
    writes_left, last_write_takes = int(writes), int(seconds)
    stored = os.open(path_stored, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
    path, device = serve_from_parent()
    fd = opened(path, device)
    become(uid, gid)
    client = Client()
    client.ask(START, start("stalls", save=True), descriptors=[fd])
    print("sent", flush=True)
    signal.pause()


def flood(uid, gid):
    path, device = serve_from_parent()
    fd = opened(path, device)
    hang(os.getppid())
    resource.setrlimit(resource.RLIMIT_NOFILE, (20000, 20000))  # as many may be on their way
    become(uid, gid)
    crowd = [Client() for _ in range(60)]
    for client in crowd:
        client.send(request(STATUS), [fd] * 200)
    for client in crowd:
        client.closed_by_daemon()
    for turn in range(100):
        refusal = None
        try:
            client = Client(greet=False)
            client.send(hello())
            refusal = client.error()
            client.send(request(STATUS), [fd] * (4 if turn % 2 else 200))
            refusal = refusal or client.error()
        except (OSError, Closed):
            pass
        if turn > 4 and refusal and "192 files" in refusal[2]:
            print(f"refused: {refusal[2]}", flush=True)
            signal.pause()
    sys.exit("it is let in again and again")


def change(uid, gid, jobs, times):
    unanswered.add(FLUSH)
    path, device = serve_from_parent()
    os.close(device)
    fds = [os.open(f"{path}{job}", os.O_WRONLY) for job in range(int(jobs))]  # one job a file
    become(uid, gid)
    client = Client()

    def refused(job, i):
        client.send(request(FILTER, text(1, f"hangs{job}") + text(2, text(4, f"not udp port {i + 1}"))))
        return client.error()

    for job in range(int(jobs)):
        client.ask(START, start(f"hangs{job}", save=True), descriptors=[fds[job]])
        for i in range(int(times)):
            refusal = refused(job, i)
            if refusal:
                sys.exit(f"change {i + 1} of the filter: {refusal[2]}")
    for i in range(10):
        refusal = refused(0, 100 + i)
        if refusal:
            print(f"refused: {refusal[2]}", flush=True)
            signal.pause()
    sys.exit("its filter can be changed again and again")


def turns(uid, gid, daemon):
    global answered
    answered = daemon
    unanswered.add(FLUSH)
    path, device = serve_from_parent()
    fd = opened(path, device)
    become(uid, gid)
    for i in range(1000):
        client = Client(greet=False)
        client.send(hello())
        refusal = client.error()
        if not refusal:
            client.send(request(START, start(f"turn{i}", save=True)), [fd])
            refusal = client.error()
        if refusal:
            print(f"refused: {refusal[2]}", flush=True)
            signal.pause()
        client.ask(STOP, text(1, f"turn{i}"))
    sys.exit("it can start jobs again and again")


def lying_in_a_socket(path):
    """A socket in which the file lies. Whoever closes that last closes the file."""
    left, right = socket.socketpair()
    fd = os.open(path, os.O_WRONLY)
    socket.send_fds(left, [b"x"], [fd])
    os.close(fd)
    left.close()
    return right


def pass_unread(uid, gid, daemon, right):
    """The daemon's refusal, or None once it has been passed."""
    for _ in range(100):
        client = Client(greet=False, connection=connect_as(uid, [gid]))
        client.send(hello())
        refusal = client.error()
        if refusal:
            return refusal[2]
        # Behind an error that ends the connection; a read ends with the first that has descriptors.
        os.kill(daemon, signal.SIGSTOP)
        try:
            client.send(b"\0\0\0\0", [client.socket.fileno()])
            client.send(b"\0\0\0\0", [right.fileno()])
            right.close()
        except (BrokenPipeError, ConnectionResetError):
            continue  # it was closed before
        finally:
            os.kill(daemon, signal.SIGCONT)
        return None
    sys.exit("every connection was closed before the second message")


def unread(uid, gid, daemon, count, users):
    global flags
    flags = WRITEBACK_CACHE  # who closes a file waits for what is written to it
    path, device = serve_from_parent()
    go, done = socket.socketpair()
    if os.fork() == 0:
        # Whoever has the file open itself waits for it when it ends.
        libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        dirty = opened(path, device)
        go.close()
        done.recv(1)
        os.write(dirty, b"x")
        done.send(b".")
        signal.pause()
    os.close(device)
    resource.setrlimit(resource.RLIMIT_NOFILE, (20000, 20000))
    rights = [lying_in_a_socket(path) for _ in range(int(count) * int(users))]
    go.send(b".")
    go.recv(1)
    hang(os.getppid())
    libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    for user in range(int(users)):
        refusal = None
        for _ in range(int(count)):
            refusal = pass_unread(65532 - user if user else int(uid), int(gid), int(daemon), rights[-1])
            if refusal:
                break
            rights.pop()
        print(f"refused: {refusal}" if refusal else "passed all", flush=True)
    print("done", flush=True)
    signal.pause()


def keep(pid_file, path_of_socket, *program):
    # First: descriptors are handed over from 3 on, and this one could not be moved without closing it.
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path_of_socket)
    os.chmod(path_of_socket, 0o666)
    listener.listen(64)
    path, device = make_file_system()
    server = os.fork()
    if server == 0:
        listener.close()
        serve_for_ever(device)
    with open(pid_file, "w") as file:
        file.write(str(server))
    fd = opened(path, device)
    hang(server)
    if (listener.fileno(), fd) != (3, 4):
        sys.exit(f"descriptors {listener.fileno()} and {fd} should be 3 and 4")
    os.set_inheritable(3, True)
    os.set_inheritable(4, True)
    os.environ.update(LISTEN_FDS="2", LISTEN_FDNAMES="packetsentryd.socket:kept-1", LISTEN_PID=str(os.getpid()))
    os.execvp(program[0], program)


{"send": send, "stall": stall, "flood": flood, "change": change, "turns": turns, "unread": unread, "keep": keep}[sys.argv[1]](*sys.argv[2:])
