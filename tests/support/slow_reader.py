"""Reads standard input slowly into a file: slow_reader.py FILE KIB_A_SECOND [READ_KIB]

With READ_KIB it takes so much, and then nothing any more until it is ended.
"""
import os
import sys
import time

STEP = 32 * 1024


def main(path, rate, limit=0):
    with open(path, "wb", buffering=0) as output:
        taken = 0
        while not limit or taken < limit * 1024:
            data = os.read(0, STEP)
            if not data:
                return
            output.write(data)
            taken += len(data)
            time.sleep(len(data) / (rate * 1024))
        time.sleep(600)


main(sys.argv[1], *map(int, sys.argv[2:]))
