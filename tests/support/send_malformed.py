"""Sends broken packets: IPv4 with a header length of 1.

send_malformed.py INTERFACE COUNT
"""
import socket
import struct
import sys

ETHERNET = b"\xff" * 6 + b"\x02\0\0\0\0\x01" + struct.pack("!H", 0x0800)
BROKEN = b"\x41" + bytes(45)

sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
sender.bind((sys.argv[1], 0))
for _ in range(int(sys.argv[2])):
    sender.send(ETHERNET + BROKEN)
