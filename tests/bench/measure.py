"""Runs a command several times, its output to /dev/null, and prints the best time and the peak memory.

measure.py RUNS COMMAND…      prints "SECONDS MEBIBYTES"

Memory is the sum of VmHWM (the kernel's own high-water mark of resident memory) over the command and
all its descendants, asked every 10 ms: pages that two processes share are counted twice. Of a process
that ends, the last answer counts.
"""
import os
import subprocess
import sys
import time


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as listing:
            return [int(word) for word in listing.read().split()]
    except OSError:
        return []


def high_water_kib(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            return next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), 0)
    except OSError:
        return 0


def sample(pid, peaks):
    peaks[pid] = max(peaks.get(pid, 0), high_water_kib(pid))
    for child in children(pid):
        sample(child, peaks)


def run(command):
    peaks = {}
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        sample(process.pid, peaks)
        time.sleep(0.01)
    if process.returncode != 0:
        sys.exit(f"measure.py: status {process.returncode} of: {' '.join(command)}")
    return time.perf_counter() - begin, sum(peaks.values()) / 1024


def main(runs, command):
    os.environ["LC_ALL"] = "C.UTF-8"
    results = [run(command) for _ in range(runs)]
    print(f"{min(seconds for seconds, _ in results):.3f} {max(peak for _, peak in results):.0f}")


main(int(sys.argv[1]), sys.argv[2:])
