"""Starts a daemon, waits until it says that it is ready, and ends it.

start_cost.py RUNS COMMAND…     prints the milliseconds until it was ready, in the fastest of so many runs, and the KiB of
                                memory of its own that it then had, in the smallest
"""
import os
import socket
import subprocess
import sys
import tempfile
import time


def memory_kib(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("RssAnon:"))


def run(command):
    with tempfile.TemporaryDirectory() as directory, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
        notices.bind(directory + "/notify")
        notices.settimeout(60)
        begin = time.monotonic()
        daemon = subprocess.Popen(command, env={**os.environ, "NOTIFY_SOCKET": directory + "/notify"})
        try:
            while b"READY=1" not in notices.recv(4096):
                pass
            took = time.monotonic() - begin
            time.sleep(0.5)  # what it does at once is part of it
            return took * 1000, memory_kib(daemon.pid)
        finally:
            daemon.terminate()
            daemon.wait(20)


def main(runs, *command):
    costs = [run(command) for _ in range(int(runs))]
    print(round(min(took for took, _ in costs)), min(kib for _, kib in costs))


main(*sys.argv[1:])
