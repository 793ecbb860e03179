"""Reads the rows files below a directory of the spool as daemon/spool/FORMAT.md describes them.

spool_frames.py DIRECTORY
    Prints a line for each whole frame: its job, table, run, first number and rows.
"""
import pathlib
import struct
import sys

FILE_HEADER = 64


def frames(data):
    at = FILE_HEADER
    while at + 80 <= len(data):
        letters, header, _, _, _, run, rows, lengths, payload, _, first = struct.unpack_from("<4sHBBIIIIIIQ", data, at)
        if letters != b"BLKR":
            raise SystemExit(f"no frame at {at}")
        at += header + (lengths + payload + 7) // 8 * 8
        if at <= len(data):
            yield run, first, rows


for path in sorted(pathlib.Path(sys.argv[1]).glob("*/*.rows")):
    content = path.read_bytes()
    if len(content) < FILE_HEADER:
        continue
    table, = struct.unpack_from("<I", content, 12)
    for frame in frames(content):
        print(path.parent.name, table, *frame)
