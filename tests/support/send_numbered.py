"""Sends numbered UDP datagrams: the destination port is the number, so none is lost or doubled unseen.

send_numbered.py ADDRESS FIRST COUNT [A_SECOND [LOG]]    (0 a second: as fast as it goes)
    A line of the file LOG, "NUMBER TIME", means that all below that number were sent by then (ns since 1970).
"""
import socket
import sys
import time


def main(address, first, count, rate=0, log=None):
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.bind(("", 7777))
    begin = time.monotonic()
    for number in range(count):
        sender.sendto(b"numbered", (address, first + number))
        if rate and number % 64 == 63:
            if log:
                print(first + number + 1, time.time_ns(), file=log, flush=True)
            time.sleep(max(0.0, begin + number / rate - time.monotonic()))


main(sys.argv[1], *map(int, sys.argv[2:5]), *(open(path, "w", encoding="ascii") for path in sys.argv[5:6]))
