#!/usr/bin/env python3
"""quic_client.py SERVER: begins a QUIC connection in a version that nobody knows, then in version 1."""
import socket
import struct
import sys

from quic import Keys, client_hello, connection_ids, crypto_frame, initial

DESTINATION, SOURCE = bytes.fromhex("8394c8f03e515708"), bytes.fromhex("c1c2c3c4")
GREASED_VERSION = 0x1A2A3A4A
REFUSED_DESTINATION, REFUSED_SOURCE = bytes.fromhex("0102030405060708"), bytes.fromhex("b1b2b3b4")


def unknown_version():
    head = b"\xc0" + struct.pack("!I", GREASED_VERSION) + connection_ids(REFUSED_DESTINATION, REFUSED_SOURCE)
    return head.ljust(1200, b"\0")


def first_packet():
    frames = crypto_frame(client_hello("www.example.org", bytes(range(64, 96))))
    return initial(Keys(DESTINATION, b"client in"), DESTINATION, SOURCE, 0, frames, 1200)


def main(server):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(10)
        client.connect((server, 443))
        for packet in (unknown_version(), first_packet()):
            client.send(packet)
            client.recv(2048)
        # A short header, as all packets have once there are keys; its content is not to be read.
        client.send(b"\x4c" + bytes.fromhex("5152535455565758") + bytes(range(100, 140)))


if __name__ == "__main__":
    main(sys.argv[1])
