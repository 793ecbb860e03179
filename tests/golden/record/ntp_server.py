#!/usr/bin/env python3
"""ntp_server.py ADDRESS: answers NTP requests with the clock of this machine, as a server of stratum 2."""
import socket
import struct
import sys
import time

SECONDS_FROM_1900_TO_1970 = 2208988800


def ntp_time():
    now = time.time() + SECONDS_FROM_1900_TO_1970
    return struct.pack("!II", int(now), int(now % 1 * 2**32))


def answer(request):
    """RFC 5905, section 7.3: version 4, mode 4; the client's transmit time comes back as the origin time."""
    head = struct.pack("!BBbbIII", 4 << 3 | 4, 2, 6, -20, 0x00000100, 0x00000080, 0xC0000201)
    return head + ntp_time() + request[40:48] + ntp_time() + ntp_time()


if __name__ == "__main__":
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((sys.argv[1], 123))
        print("ready", flush=True)
        while True:
            message, client = server.recvfrom(2048)
            server.sendto(answer(message), client)
