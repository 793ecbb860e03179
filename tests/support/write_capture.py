"""Writes a little-endian microsecond Ethernet pcap file with packets one millisecond apart.

write_capture.py FILE COUNT [PAYLOAD_BYTES]

Packet n (from 0) is UDP to port 1024 + n % 60000, TCP to port 80, or a DNS query for n.example.test,
by n % 3. Source addresses 10.9.0.1 to 10.9.0.250.
"""
import struct
import sys

HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
ETHERNET = bytes.fromhex("020000000002" "020000000001" "0800")


def ipv4(number, protocol, payload):
    source = bytes((10, 9, 0, 1 + number % 250))
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), number & 0xFFFF, 0, 64, protocol, 0,
                       source, bytes((192, 0, 2, 7)))
    words = struct.unpack("!10H", head)
    total = sum(words)
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    return head[:10] + struct.pack("!H", ~total & 0xFFFF) + head[12:] + payload


def udp(source, destination, payload):
    return struct.pack("!HHHH", source, destination, 8 + len(payload), 0) + payload


def tcp(source, destination, payload):
    return struct.pack("!HHIIBBHHH", source, destination, 1, 1, 0x50, 0x18, 1024, 0, 0) + payload


def dns(number):
    labels = (str(number).encode(), b"example", b"test")
    name = b"".join(bytes((len(label),)) + label for label in labels) + b"\0"
    return struct.pack("!HHHHHH", number & 0xFFFF, 0x0100, 1, 0, 0, 0) + name + struct.pack("!HH", 1, 1)


def packet(number, fill):
    kind = number % 3
    if kind == 0:
        return ETHERNET + ipv4(number, 17, udp(40000, 1024 + number % 60000, fill))
    if kind == 1:
        return ETHERNET + ipv4(number, 6, tcp(40001, 80, fill))
    return ETHERNET + ipv4(number, 17, udp(40002, 53, dns(number)))


def main(path, count, payload=32):
    with open(path, "wb") as out:
        out.write(HEADER)
        for number in range(count):
            frame = packet(number, bytes(payload))
            head = struct.pack("<IIII", 1747305000 + number // 1000, number % 1000 * 1000, len(frame), len(frame))
            out.write(head + frame)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
