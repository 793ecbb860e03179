"""Writes an Ethernet pcap file of packets in which bytes look like headers, or hide in some, without being any.

write_look_alikes.py FILE

Prints a line a packet: its name. What is no header has SECR in it. The addresses inside of its tunnels are
MACS and those of IPV4 and IPV6.
"""
import struct
import sys

OUTER = bytes.fromhex("020000000002" "020000000001")
# Their first four bits are what MPLS takes for a control word, IPv4 and IPv6; the last is none of these.
MACS = [bytes.fromhex(digits) for digits in ("001b21112233", "48c040112233", "6c4008112233", "ac4800112233")]
IPV4 = bytes((203, 0, 113, 77)), bytes((203, 0, 113, 78))
IPV6 = bytes.fromhex("20010db8007700000000000000000077"), bytes.fromhex("20010db8007700000000000000000078")
SECRET = b"SECRET, SECRET, SECRET, SECRET, SECRET, SECRET, SECRET."


def summed(header, at):
    total = sum(struct.unpack(f"!{len(header) // 2}H", header))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return header[:at] + struct.pack("!H", ~total & 0xFFFF) + header[at + 2:]


def ethernet(kind, payload, addresses=OUTER):
    return addresses + struct.pack("!H", kind) + payload


def ipv4(protocol, payload, options=b"", ends=(bytes((198, 51, 100, 1)), bytes((198, 51, 100, 2)))):
    size = 20 + len(options)
    head = struct.pack("!BBHHHBBH", 0x40 | size // 4, 0, size + len(payload), 1, 0, 64, protocol, 0)
    return summed(head + ends[0] + ends[1] + options, 10) + payload


def ipv6(following, payload, ends=IPV6):
    return struct.pack("!IHBB", 6 << 28, len(payload), following, 64) + ends[0] + ends[1] + payload


def udp(destination, payload):
    return struct.pack("!HHHH", 40000, destination, 8 + len(payload), 0) + payload


def tcp(options):
    return struct.pack("!HHIIBBHHH", 40000, 9, 1, 1, (20 + len(options)) // 4 << 4, 0x18, 1024, 0, 0) + options


def inside(payload=SECRET):
    return ipv4(17, udp(9, payload), ends=IPV4)


def frame_inside(mac, kind=0x0800, payload=None):
    return ethernet(kind, inside() if payload is None else payload, mac + MACS[0])


def in_ipv4(protocol, payload, options=b""):
    return ethernet(0x0800, ipv4(protocol, payload, options))


def in_ipv6(following, payload):
    return ethernet(0x86DD, ipv6(following, payload))


def vxlan(header, payload):
    return in_ipv4(17, udp(4789, header + payload))


def below_label(payload):
    return ethernet(0x8847, bytes.fromhex("00005140") + payload)


def packets():
    yield "VXLAN with another flag", vxlan(b"\x0cSECRET\0", SECRET)
    yield "VXLAN with all flags", vxlan(b"\xffSECRET\0", SECRET)
    yield "VXLAN with reserved bytes", vxlan(b"\x08SECRET\0", SECRET)
    yield "VXLAN with a reserved byte behind", vxlan(bytes.fromhex("08000000 000007 01"), SECRET)
    yield "VXLAN without Ethernet", vxlan(bytes.fromhex("08000000 000007 00"), SECRET)
    yield "VXLAN with Ethernet", vxlan(bytes.fromhex("08000000 000007 00"), frame_inside(MACS[0]))
    yield "Geneve of a type nobody knows", in_ipv4(17, udp(6081, bytes.fromhex("020022ec 000007 00") + SECRET))
    yield "VXLAN-GPE of a protocol nobody knows", in_ipv4(17, udp(4790, bytes.fromhex("0c000009 000007 00") + SECRET))
    yield "E-Tag of a type nobody knows", ethernet(0x893F, bytes.fromhex("0000 0001 0000 22ec") + SECRET)
    yield "VN-Tag of a type nobody knows", ethernet(0x8926, bytes.fromhex("0001 0002 22ec") + SECRET)
    yield "ERSPAN of a frame nobody knows", in_ipv4(
        47, bytes.fromhex("000022eb 20010000 00000000 00001400") + SECRET)
    for mac in MACS:
        yield f"pseudowire to {mac.hex()}", below_label(frame_inside(mac))
        yield f"pseudowire with control word to {mac.hex()}", below_label(bytes(4) + frame_inside(mac))
        yield f"pseudowire with LLDP to {mac.hex()}", below_label(frame_inside(mac, 0x88CC, SECRET))
        yield f"pseudowire with control word, LLDP to {mac.hex()}", below_label(
            bytes(4) + frame_inside(mac, 0x88CC, SECRET))
    yield "words below a label that begin as IPv4", below_label(b"ESECRET" + SECRET)
    yield "words below a label that begin as IPv6", below_label(b"dear SECRET" + SECRET)
    yield "IP in IP without IP", in_ipv4(4, b"E" + SECRET)
    yield "6in4 without IPv6", in_ipv4(41, b"`" + SECRET)
    yield "GRE without IP", in_ipv4(47, bytes.fromhex("00000800") + b"E" + SECRET)
    yield "GRE with reserved bits", in_ipv4(47, bytes.fromhex("03f80800") + inside(b"SECR"))
    yield "GRE of version 1 without PPP", in_ipv4(47, bytes.fromhex("30810800") + b"SECRSECRSECR" + inside())
    yield "ERSPAN without Ethernet", in_ipv4(47, bytes.fromhex("000088be") + SECRET)
    yield "ERSPAN of no version", in_ipv4(47, bytes.fromhex("100088be 00000001") + SECRET)
    yield "ARP with addresses of 20 bytes", ethernet(0x0806, bytes.fromhex("0001 0800 14 04 0001") + SECRET)
    yield "AH of 64 bytes", in_ipv4(51, bytes.fromhex("11 11 0000 00000001 00000001") + (SECRET * 2)[:64] + bytes(8))
    yield "AH of 12 bytes", in_ipv4(51, bytes.fromhex("11 04 0000 00000001 00000001") + SECRET[:12] + udp(9, b""))
    yield "AH of IPv6", in_ipv6(51, bytes.fromhex("11 04 0000 00000001 00000001") + SECRET[:12] + udp(9, b""))
    for kind in (2, 3, 4, 5, 8, 19, 34, 253):
        yield f"TCP option {kind}", in_ipv4(6, tcp(bytes((kind, 8)) + b"SECRET"))
    yield "TCP options behind their end", in_ipv4(6, tcp(b"\0SECRET\0"))
    for kind in (7, 131, 148, 94):
        yield f"IPv4 option {kind}", in_ipv4(17, udp(9, b""), bytes((kind, 7, 4)) + b"SECR\0")
    for header in (0, 60):
        for kind in (1, 4, 5, 0xC9, 30):
            yield f"IPv6 option {kind} in {header}", in_ipv6(header, bytes((17, 0, kind, 4)) + b"SECR" + udp(9, b""))
    yield "routing header that nobody knows", in_ipv6(43, bytes.fromhex("1100fd00") + b"SECR" + udp(9, b""))
    for kind, code in ((3, 1), (4, 0), (11, 0)):
        yield f"ICMP {kind}, unused bytes", in_ipv4(1, bytes((kind, code, 0, 0)) + b"SECR" + inside())
    yield "ICMPv6, unused bytes", in_ipv6(58, bytes((1, 0, 0, 0)) + b"SECR" + inside())
    yield "neighbour solicitation, reserved bytes", in_ipv6(58, bytes((135, 0, 0, 0)) + b"SECR" + IPV6[0])
    yield "TCP shorter than itself", in_ipv4(6, b"SECRSECRSECR\x40SECRSECRSECRSECR")
    yield "LLC test", OUTER + struct.pack("!H", 7) + bytes.fromhex("4242e3") + b"SECR" + bytes(40)
    yield "PPPoE session with a code", ethernet(0x8864, b"\x11SECR" + b"\x40\x00\x21" + SECRET)


def main(path):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for number, (name, frame) in enumerate(packets()):
            out.write(struct.pack("<IIII", 1747305000 + number, 0, len(frame), len(frame)) + frame)
            print(name)


main(sys.argv[1])
