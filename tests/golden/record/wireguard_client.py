#!/usr/bin/env python3
"""wireguard_client.py SERVER: datagrams with the shape of a WireGuard handshake, of data and of a cookie."""
import socket
import sys

INITIATION, COOKIE, DATA = 1, 3, 4
SENDER, RECEIVER = bytes.fromhex("11121314"), bytes.fromhex("21222324")


def message(kind, size, head):
    """Four bytes of type, one or two indices, then what looks encrypted."""
    head = bytes([kind, 0, 0, 0]) + head
    return head + bytes((37 * at + kind) % 256 for at in range(size - len(head)))


def main(server):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(10)
        client.connect((server, 51820))
        client.send(message(INITIATION, 148, SENDER))
        client.recv(2048)
        client.send(message(DATA, 128, RECEIVER + bytes(8)))
        client.send(message(DATA, 32, RECEIVER + b"\1" + bytes(7)))
        client.send(message(COOKIE, 64, RECEIVER))


if __name__ == "__main__":
    main(sys.argv[1])
