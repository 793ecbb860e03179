"""A file in a user's own file system that never answers again once it is open: hung_file.py UID GID

Sends the daemon a start that saves into it, and a request with it that wants none, as user UID. Prints
"sent" then, and goes on, not answering, until it is ended. Root: it mounts the file system, in a mount
namespace of its own.
"""
import ctypes
import os
import signal
import struct
import sys
import tempfile
import threading
import time

from control_client import START, STATUS, Client, request, start

LOOKUP, GETATTR, OPEN, INIT = 1, 3, 14, 26
libc = ctypes.CDLL(None, use_errno=True)
hung = threading.Event()


def checked(result):
    if result != 0:
        sys.exit(f"mount: {os.strerror(ctypes.get_errno())}")


def attributes(inode):
    mode = 0o40755 if inode == 1 else 0o100666
    return struct.pack("<QQQQQQIIIIIIIIII", inode, 0, 0, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)


def answer(kind, inode):
    if kind == INIT:
        return struct.pack("<IIIIHHIIHHI7I", 7, 31, 0, 0, 12, 10, 65536, 1, 1, 0, 0, *[0] * 7)
    if kind == LOOKUP:
        return struct.pack("<QQQQII", 2, 0, 60, 0, 0, 0) + attributes(2)
    if kind == GETATTR:
        return struct.pack("<QII", 0, 0, 0) + attributes(inode)
    if kind == OPEN:
        return struct.pack("<QII", 1, 0, 0)
    return None


def serve(device):
    while True:
        data = os.read(device, 1 << 17)
        _, kind, unique, inode = struct.unpack_from("<IIQQ", data)
        if hung.is_set():
            continue
        body = answer(kind, inode)
        head = struct.pack("<IiQ", 16 + len(body or b""), 0 if body is not None else -38, unique)
        os.write(device, head + (body or b""))


def attack(path, uid, gid):
    fd = os.open(path, os.O_WRONLY)
    hung.set()
    os.setresgid(-1, gid, -1)
    os.setresuid(-1, uid, -1)
    libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG, after what resets it
    saves, other = Client(), Client()
    saves.send(request(START, start("", save=True)), [fd])
    other.send(request(STATUS), [fd])
    print("sent", flush=True)


checked(libc.unshare(0x00020000))  # CLONE_NEWNS
checked(libc.mount(b"none", b"/", None, 0x4000 | 0x40000, None))  # MS_REC | MS_PRIVATE
directory = tempfile.mkdtemp()
device = os.open("/dev/fuse", os.O_RDWR)
checked(libc.mount(b"hung", directory.encode(), b"fuse", 0,
                   f"fd={device},rootmode=40000,user_id=0,group_id=0,allow_other".encode()))
threading.Thread(target=serve, args=(device,), daemon=True).start()
signal.signal(signal.SIGUSR2, lambda *_: hung.set())
if os.fork() == 0:
    # The server alone holds it: when that ends, so does this, and all waiting.
    os.close(device)
    # The child asks, its parent is the file system.
    hung.set = lambda: (os.kill(os.getppid(), signal.SIGUSR2), time.sleep(0.2))
    attack(directory + "/file", int(sys.argv[1]), int(sys.argv[2]))
    signal.pause()
while True:
    signal.pause()
