"""Writes an Ethernet pcap file of DNS questions, each carried in another way, and of some other packets.

write_carried.py FILE

Prints how many of them are of DNS.
"""
import struct
import sys

MACS = bytes.fromhex("020000000002" "020000000001")
ENDS4 = bytes((203, 0, 113, 1)), bytes((203, 0, 113, 2))
ENDS6 = bytes.fromhex("20010db8000000000000000000000001"), bytes.fromhex("20010db8000000000000000000000002")
QUESTION = bytes.fromhex("000701000001000000000000076578616d706c6503636f6d0000010001")


def udp(destination, payload):
    return struct.pack("!HHHH", 4000, destination, 8 + len(payload), 0) + payload


def ipv4(protocol, payload, fragment=0):
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 1, fragment, 64, protocol, 0)
    return head + ENDS4[0] + ENDS4[1] + payload


def ipv6(following, payload):
    return struct.pack("!IHBB", 6 << 28, len(payload), following, 64) + ENDS6[0] + ENDS6[1] + payload


def extension(following, payload):  # hop-by-hop or destination options: a padding of six bytes
    return struct.pack("!BB", following, 0) + b"\1\4\0\0\0\0" + payload


def ethernet(kind, payload):
    return MACS + struct.pack("!H", kind) + payload


def tag(number, kind, payload):
    return struct.pack("!HH", number, kind) + payload


def label(number, bottom, payload):
    return struct.pack("!I", number << 12 | bottom << 8 | 64) + payload


def pppoe(protocol, payload):
    return struct.pack("!BBHHH", 0x11, 0, 1, 2 + len(payload), protocol) + payload


def carried(datagram):
    four, six = ipv4(17, datagram), ipv6(17, datagram)
    yield ethernet(0x0800, four)
    yield ethernet(0x86DD, six)
    yield ethernet(0x8100, tag(30, 0x0800, four))
    yield ethernet(0x88A8, tag(30, 0x8100, tag(40, 0x0800, four)))
    yield ethernet(0x8100, tag(30, 0x86DD, six))
    yield ethernet(0x8847, label(16, 1, four))
    yield ethernet(0x8847, label(16, 0, label(17, 1, six)))
    yield ethernet(0x8100, tag(30, 0x8847, label(16, 1, four)))
    yield ethernet(0x8864, pppoe(0x0021, four))
    yield ethernet(0x8100, tag(30, 0x8864, pppoe(0x0057, six)))
    yield ethernet(0x86DD, ipv6(0, extension(17, datagram)))
    yield ethernet(0x86DD, ipv6(60, extension(17, datagram)))
    yield ethernet(0x86DD, ipv6(0, extension(60, extension(17, datagram))))
    yield ethernet(0x86DD, ipv6(44, struct.pack("!BBHI", 17, 0, 1, 7) + datagram))  # the first of several
    yield ethernet(0x8100, tag(30, 0x86DD, ipv6(0, extension(17, datagram))))


def main():
    dns = list(carried(udp(53, QUESTION)))
    others = list(carried(udp(54, QUESTION)))
    # A later fragment whose bytes look like ports.
    others.append(ethernet(0x0800, ipv4(17, udp(53, QUESTION), fragment=1)))
    with open(sys.argv[1], "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for number, frame in enumerate(dns + others):
            file.write(struct.pack("<IIII", 1700000000 + number, 0, len(frame), len(frame)) + frame)
    print(len(dns))


main()
