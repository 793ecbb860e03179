"""Writes an Ethernet pcap file of DNS questions, each carried in another way, and of some other packets.

write_carried.py FILE [DIRECTORY]

Prints how many of them are of DNS. In DIRECTORY, where there is one, it writes the like of other link types: a file
NAME.pcap each, of LINKS_EACH packets that are not of DNS and then LINKS_EACH that are.
"""
import pathlib
import struct
import sys

MACS = bytes.fromhex("020000000002" "020000000001")
ENDS4 = bytes((203, 0, 113, 1)), bytes((203, 0, 113, 2))
ENDS6 = bytes.fromhex("20010db8000000000000000000000001"), bytes.fromhex("20010db8000000000000000000000002")
LINKS_EACH = 3
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


def ethernet(kind, payload, macs=MACS):
    return macs + struct.pack("!H", kind) + payload


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
    yield ethernet(0x893F, bytes.fromhex("000010010000") + struct.pack("!H", 0x0800) + four)  # E-Tag
    yield ethernet(0x8926, bytes.fromhex("80010002") + struct.pack("!H", 0x8100) + tag(30, 0x0800, four))  # VN-Tag
    tags = four
    for number in range(6):
        tags = tag(30 + number, 0x8100 if number else 0x0800, tags)
    yield ethernet(0x8100, tags)
    yield ethernet(0x8903, bytes.fromhex("0060") + ethernet(0x0800, four))  # FabricPath
    yield ethernet(0x88E7, bytes.fromhex("00000007") + ethernet(0x86DD, six))  # PBB
    yield ethernet(0x8847, label(16, 1, bytes(4) + ethernet(0x0800, four)))  # a pseudowire with a control word
    # One without, whose frame begins with the first bits of an IPv6 header.
    like_ip = bytes.fromhex("6c40086a6b6c" "020000000001")
    yield ethernet(0x8847, label(16, 1, ethernet(0x0800, four, like_ip)))


def links(datagram):
    """Yields a name, a LINKTYPE number and LINKS_EACH frames of each link type."""
    four, six = ipv4(17, datagram), ipv6(17, datagram)
    extended = ipv6(0, extension(17, datagram))
    kinds = (0x0800, four), (0x86DD, extended), (0x8100, tag(30, 0x0800, four))
    typed = [struct.pack("!H", kind) + payload for kind, payload in kinds]
    wifi = [bytes.fromhex("08020000") + MACS + MACS[:6] + bytes(2) + bytes.fromhex("aaaa03000000") + rest
            for rest in typed]
    yield "cisco-hdlc", 104, [b"\x0f\0" + rest for rest in typed]
    yield "serial", 50, [b"\x0f\0" + rest for rest in typed]
    yield "wifi", 105, wifi
    yield "radiotap", 127, [bytes.fromhex("0000080000000000") + frame for frame in wifi]
    yield "ppi", 192, [bytes.fromhex("0000080001000000") + MACS + rest for rest in typed]
    yield "frame-relay", 107, [b"\x18\x41\x03\xcc" + four, b"\x18\x41\x03\x8e" + six, b"\x18\x41" + typed[2]]
    yield "nflog", 239, [bytes((family, 0, 0, 0)) + struct.pack("<HH", 4 + len(packet), 9) + packet
                         for family, packet in ((2, four), (10, six), (10, extended))]


def write(path, link_type, frames):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link_type))
        for number, frame in enumerate(frames):
            file.write(struct.pack("<IIII", 1700000000 + number, 0, len(frame), len(frame)) + frame)


def write_links(directory):
    for other, dns in zip(links(udp(54, QUESTION)), links(udp(53, QUESTION))):
        name, link_type, frames = other
        assert len(frames) == LINKS_EACH
        write(directory / f"{name}.pcap", link_type, frames + dns[2])


def main():
    dns = list(carried(udp(53, QUESTION)))
    others = list(carried(udp(54, QUESTION)))
    # A later fragment whose bytes look like ports.
    others.append(ethernet(0x0800, ipv4(17, udp(53, QUESTION), fragment=1)))
    write(sys.argv[1], 1, dns + others)
    if len(sys.argv) > 2:
        write_links(pathlib.Path(sys.argv[2]))
    print(len(dns))


main()
