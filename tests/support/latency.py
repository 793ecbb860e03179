"""How long the daemon takes to answer: latency.py SECONDS

Asks for the status again and again, by turns on one connection that stays and on a new one each time, with
a millisecond's rest. Prints a line each: what, how many, then the middle, the 99th in a hundred and the
longest, in milliseconds.
"""
import sys
import time

from control_client import STATUS, Client


def timed(action):
    begin = time.perf_counter()
    action()
    return (time.perf_counter() - begin) * 1000


def ask_anew():
    client = Client()
    client.ask(STATUS)
    client.close()


def summary(what, times):
    times.sort()
    at = [times[int(share * (len(times) - 1))] for share in (0.5, 0.99, 1)]
    print(what, len(times), *(f"{value:.3f}" for value in at))


staying = Client()
end = time.monotonic() + float(sys.argv[1])
kept, anew = [], []
while time.monotonic() < end:
    kept.append(timed(lambda: staying.ask(STATUS)))
    anew.append(timed(ask_anew))
    time.sleep(0.001)
summary("same", kept)
summary("new", anew)
