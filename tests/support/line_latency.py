"""How long after a packet its line is there: line_latency.py ADDRESS COUNT, with a capture's lines on standard input.

Sends COUNT datagrams, numbered by their destination ports, with pauses in which the link is quiet. Prints the middle,
the 99th in a hundred and the longest time from sending to the line, in milliseconds.
"""
import random
import re
import socket
import sys
import threading
import time

FIRST_PORT = 20000
PORT = re.compile(rb" UDP \d+ -> (\d+)")


def send(address, sent):
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    pauses = random.Random(1)
    for number, _ in enumerate(sent):
        time.sleep(pauses.uniform(0.02, 0.1))
        sent[number] = time.monotonic()
        sender.sendto(b"numbered", (address, FIRST_PORT + number))


def main(address, count):
    sent = [0.0] * count
    lines = sys.stdin.buffer
    while b"Starting capture on" not in lines.readline():
        pass
    sending = threading.Thread(target=send, args=(address, sent), daemon=True)
    sending.start()
    times = []
    while len(times) < count:
        line = lines.readline()
        if not line:
            sys.exit(f"the capture ended after {len(times)} lines")
        found = PORT.search(line)
        if found:
            times.append((time.monotonic() - sent[int(found[1]) - FIRST_PORT]) * 1000)
    times.sort()
    print(*(f"{times[int(share * (count - 1))]:.1f}" for share in (0.5, 0.99, 1)))


main(sys.argv[1], int(sys.argv[2]))
