"""Sends names that try to move a cursor, colour a terminal or forge a line.

send_hostile.py ADDRESS    DNS over UDP port 53, HTTP over TCP port 80 (a server must listen there)
"""
import socket
import struct
import sys

HOSTILE = [
    b"\x1b[31mred\x1b[0m",
    b"\x1b]0;title\x07",
    b"\x9b2J\x9b1;1H",
    b"two\nlines\r2025-05-15 10:30:01",
    b"tab\tback\x08del\x7fnul\x00end",
    "\u202egnp.exe".encode(),
    b"\xff\xfe not utf-8 \xc0\xaf",
]


def send_dns(address):
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for number, label in enumerate(HOSTILE):
        name = bytes((len(label),)) + label + b"\x04test\x00"
        sender.sendto(struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0) + name + struct.pack("!HH", 1, 1),
                      (address, 53))


def send_http(address):
    for text in HOSTILE:
        with socket.create_connection((address, 80), timeout=3) as connection:
            host = text.replace(b"\n", b"\x0b").replace(b"\r", b"\x0c")
            connection.sendall(b"GET /missing HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
            while connection.recv(4096):
                pass


send_dns(sys.argv[1])
send_http(sys.argv[1])
