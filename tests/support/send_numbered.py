"""Sends numbered UDP datagrams: the destination port is the number, so none is lost or doubled unseen.

send_numbered.py ADDRESS FIRST COUNT [A_SECOND]    (0 a second: as fast as it goes)
"""
import socket
import sys
import time


def main(address, first, count, rate=0):
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.bind(("", 7777))
    begin = time.monotonic()
    for number in range(count):
        sender.sendto(b"numbered", (address, first + number))
        if rate and number % 64 == 63:
            time.sleep(max(0.0, begin + number / rate - time.monotonic()))


main(sys.argv[1], *map(int, sys.argv[2:]))
