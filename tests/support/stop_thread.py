"""Stops one thread of a process, and no other, until this program ends: stop_thread.py THREAD

Signals stop a whole process; ptrace(2) stops the thread that it has seized. Prints "stopped" once it is. Root's.
"""
import ctypes
import os
import signal
import sys

PTRACE_SEIZE, PTRACE_INTERRUPT = 0x4206, 0x4207
WALL = 0x40000000  # wait for threads, too

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
libc.ptrace.restype = ctypes.c_long


def ptrace(request, thread):
    if libc.ptrace(request, thread, None, None) != 0:
        sys.exit(f"ptrace {request:#x} of {thread}: {os.strerror(ctypes.get_errno())}")


thread = int(sys.argv[1])
ptrace(PTRACE_SEIZE, thread)
ptrace(PTRACE_INTERRUPT, thread)
_, status = os.waitpid(thread, WALL)
if not os.WIFSTOPPED(status):
    sys.exit(f"{thread} did not stop: {status:#x}")
print("stopped", flush=True)
signal.pause()  # the kernel lets it go on when its tracer ends
