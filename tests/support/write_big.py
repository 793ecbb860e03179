"""Writes a part of a pcap stream, of any length: blocks of 3,000 packets and about 3 MB, no two of them alike.

write_big.py FIRST COUNT      blocks FIRST to FIRST + COUNT - 1; block 0 begins with the header of the file

A block holds a datagram, a segment and a DNS query, a thousand times. Its number is in their times, in their ports and
in the name of the query: the packets are built once, and what differs is then put into all of them at once.
"""
import struct
import sys

from write_capture import HEADER, packet

TIMES = 1000
TIME = 0x68250000  # in 2025; the block's number fills the 16 bits
NUMBER = 100_000_000  # of the first packet: nine digits, whose first five tell the block


def record(number):
    frame = packet(number, bytes(1400))
    return struct.pack("<IIII", TIME, number - NUMBER, len(frame), len(frame)) + frame


class Block:
    def __init__(self):
        first = NUMBER + -NUMBER % 3
        records = [record(first + number) for number in range(3 * TIMES)]
        self.bytes = bytearray().join(records)
        self.step = sum(map(len, records[:3]))
        self.datagram, self.segment, self.query = 0, len(records[0]), len(records[0]) + len(records[1])
        self.name = records[2].index(b"\x09100") + self.query + 1

    def put(self, place, values):
        for offset, value in enumerate(values):
            self.bytes[place + offset::self.step] = bytes((value,)) * TIMES

    def number(self, number):
        for place in self.datagram, self.segment, self.query:
            self.put(place, struct.pack("<H", number))
        for place in self.datagram, self.segment:
            self.put(place + 16 + 14 + 20, struct.pack("!H", 1024 + number))
        self.put(self.name, b"%05d" % (10000 + number))
        return self.bytes


def main(first, count):
    if first == 0:
        sys.stdout.buffer.write(HEADER)
    block = Block()
    for number in range(first, first + count):
        sys.stdout.buffer.write(block.number(number))


main(*map(int, sys.argv[1:]))
