"""Starts jobs in the background with numbers that packetsentryctl would not send: numbers_by_hand.py INTERFACE

A line for each: "NAME: ID" of the job, or "NAME: CODE TEXT" of the refusal. PACKETSENTRY_SOCKET says where.
"""
import sys

from control_client import START, Client, error_of, fields, number, text

JOBS = 4  # of a reply
SNAPSHOT_LENGTH, UNTIL, RING_BYTES = 3, 5, 7
PACKETS, DURATION_NS, FILE_BYTES = 1, 2, 3

EDGES = {"1": 1, "31": 1 << 31, "32": 1 << 32, "63-1": (1 << 63) - 1, "63": 1 << 63, "64-1": (1 << 64) - 1}


def orders(interface):
    """Names and capture specifications."""
    begin = text(1, interface)
    for name, value in EDGES.items():
        yield "packets-" + name, begin + text(UNTIL, number(PACKETS, value))
        yield "duration-" + name, begin + text(UNTIL, number(DURATION_NS, value))
        yield "bytes-" + name, begin + text(UNTIL, number(FILE_BYTES, value))
    for value in (262144, 262145, (1 << 32) - 1):
        yield f"snapshot-{value}", begin + number(SNAPSHOT_LENGTH, value)
    for value in ((1 << 30) + 1, (1 << 32) - 1):
        yield f"ring-{value}", begin + number(RING_BYTES, value)


def main(interface):
    client = Client()
    for name, capture in orders(interface):
        reply = client.ask(START, text(1, capture) + text(2, name))
        error = error_of(reply)
        if error:
            print(f"{name}: {error[1]} {error[2]}")
        else:
            job = fields(fields(reply[JOBS][0])[1][0])
            print(f"{name}: {job[1][0]}")


main(sys.argv[1])
