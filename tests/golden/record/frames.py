"""Builds Ethernet frames and what is in them, with right lengths and checksums, and sends them as they are."""
import ipaddress
import socket
import struct
import sys

MAC_A = bytes.fromhex("020000000001")
MAC_B = bytes.fromhex("020000000002")
IPV4, ARP, VLAN, IPV6, QINQ, BRIDGED = 0x0800, 0x0806, 0x8100, 0x86DD, 0x88A8, 0x6558
ICMP, IN_IPV4, TCP, UDP, IN_IPV6, GRE, ICMPV6 = 1, 4, 6, 17, 41, 47, 58


def ethernet(ethertype, payload, to_a=True):
    """Between the two hosts; tags are ethertypes too, whose payload vlan() makes."""
    return (MAC_A + MAC_B if to_a else MAC_B + MAC_A) + struct.pack("!H", ethertype) + payload


def vlan(number, ethertype, payload, priority=0):
    return struct.pack("!HH", priority << 13 | number, ethertype) + payload


def checksum(data):
    total = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def packed(address):
    return ipaddress.ip_address(address).packed


def ipv4(source, destination, protocol, payload, *, total_length=None, version_and_words=0x45):
    length = 20 + len(payload) if total_length is None else total_length
    header = struct.pack("!BBHHHBBH", version_and_words, 0, length, 1, 0x4000, 64, protocol, 0)
    header += packed(source) + packed(destination)
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def ipv6(source, destination, protocol, payload, *, payload_length=None):
    length = len(payload) if payload_length is None else payload_length
    return struct.pack("!IHBB", 6 << 28, length, protocol, 64) + packed(source) + packed(destination) + payload


def with_checksum(source, destination, protocol, segment, at):
    """The segment, with the checksum of RFC 1071 over it and its pseudo-header in the two bytes that begin at `at`."""
    pseudo = packed(source) + packed(destination) + struct.pack("!HH", protocol, len(segment))
    return segment[:at] + struct.pack("!H", checksum(pseudo + segment) or 0xFFFF) + segment[at + 2 :]


def udp(source, destination, source_port, destination_port, payload, *, length=None):
    header = struct.pack("!HHHH", source_port, destination_port, 8 + len(payload) if length is None else length, 0)
    return with_checksum(source, destination, UDP, header + payload, 6)


def tcp(source, destination, source_port, destination_port, payload, *, flags=0x18, words=5, options=b""):
    header = struct.pack("!HHIIBBHHH", source_port, destination_port, 1000, 2000, words << 4, flags, 64240, 0, 0)
    return with_checksum(source, destination, TCP, header + options + payload, 16)


def icmp_echo(kind, sequence, payload=b"abcdefgh"):
    """An ICMP echo request (kind 8) or reply (kind 0)."""
    message = struct.pack("!BBHHH", kind, 0, 0, 7, sequence) + payload
    return message[:2] + struct.pack("!H", checksum(message)) + message[4:]


def icmpv6_echo(source, destination, kind, sequence, payload=b"abcdefgh"):
    """An ICMPv6 echo request (kind 128) or reply (kind 129)."""
    message = struct.pack("!BBHHH", kind, 0, 0, 7, sequence) + payload
    return with_checksum(source, destination, ICMPV6, message, 2)


def dns_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def dns_query(number, name, kind=1):
    return struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0) + dns_name(name) + struct.pack("!HH", kind, 1)


def dns_answer(number, name, data, kind=1):
    """The answer has one record, whose name is a pointer to that of the question."""
    head = struct.pack("!HHHHHH", number, 0x8180, 1, 1, 0, 0) + dns_name(name) + struct.pack("!HH", kind, 1)
    return head + b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data)) + data


def udp_packet(source, destination, source_port, destination_port, payload):
    """The datagram in the IP packet of the version of its addresses."""
    make = ipv6 if ":" in source else ipv4
    return make(source, destination, UDP, udp(source, destination, source_port, destination_port, payload))


def send(frames):
    """Sends through the interface that the command line names."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sender:
        sender.bind((sys.argv[1], 0))
        for frame in frames:
            sender.send(frame)
