"""Kills the next worker of a daemon that makes an index.

kill_tidy.py DAEMON SECONDS
    Prints "watching", and then "killed", or "none came" after so many seconds.
"""
import os
import random
import signal
import sys
import time


def parent_of(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        return file.read().rpartition(")")[2].split()[1]


def children(daemon, others):
    """Those of other processes are added to others, and not looked at again."""
    for pid in os.listdir("/proc"):
        if not pid.isdigit() or pid in others:
            continue
        try:
            if parent_of(pid) == daemon:
                yield pid
            else:
                others.add(pid)
        except OSError:
            pass  # it has ended


def makes_index(pid):
    try:
        for name in os.listdir(f"/proc/{pid}/fd"):
            if os.readlink(f"/proc/{pid}/fd/{name}").endswith(".index.new"):
                return True
    except OSError:
        pass  # it has ended
    return False


def main(daemon, seconds):
    deadline = time.monotonic() + seconds
    others = set()
    list(children(daemon, others))
    print("watching", flush=True)
    while time.monotonic() < deadline:
        for pid in children(daemon, others):
            if not makes_index(pid):
                continue
            time.sleep(random.random() / 1000)
            os.kill(int(pid), signal.SIGKILL)
            print("killed", flush=True)
            return
    print("none came", flush=True)


main(sys.argv[1], float(sys.argv[2]))
