"""Prints a line for each frame of a rows file (daemon/spool/FORMAT.md): where it begins, its bytes, the number of its
first row, and how many rows it has.

rows_frames.py FILE
"""
import struct
import sys

FILE_HEADER = 64


def main(path):
    data = open(path, "rb").read()
    at = FILE_HEADER
    while at + 80 <= len(data):
        magic, header, _, _, _, _, rows, stored, payload, _, first = struct.unpack_from("<4sHBBIIIIIIQ", data, at)
        if magic != b"BLKR":
            sys.exit(f"no frame begins at {at}")
        size = header + (stored + payload + 7) // 8 * 8
        print(at, size, first, rows)
        at += size


if __name__ == "__main__":
    main(sys.argv[1])
