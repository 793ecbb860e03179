"""Rewrites a little-endian pcap file in the other byte order.

swap_capture.py FROM TO
"""
import struct
import sys

data = open(sys.argv[1], "rb").read()
with open(sys.argv[2], "wb") as out:
    out.write(struct.pack(">IHHiIII", *struct.unpack_from("<IHHiIII", data)))
    at = 24
    while at < len(data):
        head = struct.unpack_from("<IIII", data, at)
        out.write(struct.pack(">IIII", *head) + data[at + 16:at + 16 + head[2]])
        at += 16 + head[2]
