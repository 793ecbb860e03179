"""A file in a user's own file system that never answers again once it is open, or after WRITES; the last of those
takes SECONDS: 11, so that who waits for it has been given up.

hung_file.py send UID GID [WRITES [SECONDS]]
    Sends the daemon a start that saves into it, and a request with it that wants none, as user UID. Prints
    "sent" then, and goes on, not answering, until it is ended.
hung_file.py flood UID GID
    Brings it as user UID: 200 with a request on each of 60 connections at once, then again and again 4 and 200, until
    it is sent away for that, and tries to come back. Prints "refused: REASON" then, and goes on, not answering, until
    it is ended.
hung_file.py change UID GID TIMES
    Of it the ends alone are not answered. Saves into it as user UID, and changes the filter of that job so often.
    Prints "changed" then, and goes on until it is ended.
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

from control_client import FILTER, START, STATUS, Client, Closed, hello, request, start, text

LOOKUP, GETATTR, SETATTR, OPEN, WRITE, FLUSH, INIT = 1, 3, 4, 14, 16, 25, 26
libc = ctypes.CDLL(None, use_errno=True)
hung = threading.Event()
unanswered = set()  # kinds, before it is hung too
writes_left = 0  # 0: as many as come
last_write_takes = 11


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
        hung.set()
    return struct.pack("<II", struct.unpack_from("<I", data, 40 + 16)[0], 0)


def answer(kind, inode, data):
    if kind == INIT:
        return struct.pack("<IIIIHHIIHHI7I", 7, 31, 0, 0, 12, 10, 65536, 1, 1, 0, 0, *[0] * 7)
    if kind == LOOKUP:
        return struct.pack("<QQQQII", 2, 0, 60, 0, 0, 0) + attributes(2)
    if kind in (GETATTR, SETATTR):
        return struct.pack("<QII", 0, 0, 0) + attributes(inode)
    if kind == OPEN:
        return struct.pack("<QII", 1, 0, 0)
    if kind == WRITE:
        return written(data)
    return None


def serve(device):
    while True:
        data = os.read(device, 1 << 17)
        _, kind, unique, inode = struct.unpack_from("<IIQQ", data)
        if hung.is_set() or kind in unanswered:
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
    path, device = make_file_system()
    if os.fork() != 0:
        serve_for_ever(device)
    fd = opened(path, device)
    if writes_left == 0:
        hang(os.getppid())
    become(uid, gid)
    saves, other = Client(), Client()
    saves.send(request(START, start("hangs", save=True)), [fd])
    other.send(request(STATUS), [fd])
    print("sent", flush=True)
    signal.pause()


def flood(uid, gid):
    path, device = make_file_system()
    if os.fork() != 0:
        serve_for_ever(device)
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
        if turn > 4 and refusal and "128 files" in refusal[2]:
            print(f"refused: {refusal[2]}", flush=True)
            signal.pause()
    sys.exit("it is let in again and again")


def change(uid, gid, times):
    unanswered.add(FLUSH)
    path, device = make_file_system()
    if os.fork() != 0:
        serve_for_ever(device)
    fd = opened(path, device)
    become(uid, gid)
    client = Client()
    client.ask(START, start("hangs", save=True), descriptors=[fd])
    for i in range(int(times)):
        client.send(request(FILTER, text(1, "hangs") + text(2, text(4, f"not udp port {i + 1}"))))
        refusal = client.error()
        if refusal:
            sys.exit(f"change {i + 1} of the filter: {refusal[2]}")
    print("changed", flush=True)
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


{"send": send, "flood": flood, "change": change, "keep": keep}[sys.argv[1]](*sys.argv[2:])
