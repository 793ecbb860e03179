#!/usr/bin/env python3
"""damaged.py INTERFACE: sends packets that say wrong lengths, end too early, or are too long for the capture."""
import struct

from frames import (
    ARP, ICMP, IPV4, IPV6, TCP, UDP, dns_answer, dns_name, dns_query, ethernet, ipv4, ipv6, send, tcp, udp, udp_packet,
)

A, B = "192.0.2.1", "192.0.2.2"
A6, B6 = "2001:db8::1", "2001:db8::2"
QUERY = dns_query(1, "www.example.org")


def dns(message):
    return ethernet(IPV4, udp_packet(B, A, 40053, 53, message))


def dns_reply(message):
    return ethernet(IPV4, udp_packet(A, B, 53, 40053, message), to_a=False)


def in_udp(payload, *, length=None, total_length=None, port=53):
    return ethernet(IPV4, ipv4(B, A, UDP, udp(B, A, 40053, port, payload, length=length), total_length=total_length))


def in_tcp(payload, port=80, **fields):
    return ethernet(IPV4, ipv4(B, A, TCP, tcp(B, A, 40080, port, payload, **fields)))


def too_long_for_the_capture():
    yield dns_reply(dns_answer(1, "www.example.org", b"\xc7" + b"t" * 199, 16))
    head = b"GET /" + b"a" * 40 + b" HTTP/1.1\r\nHost: www.example.org\r\nAccept: */*\r\n"
    yield in_tcp(head + b"Cookie: " + b"c" * 100 + b"\r\n\r\n")
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n" + b"b" * 200
    yield ethernet(IPV4, ipv4(A, B, TCP, tcp(A, B, 80, 40080, answer)), to_a=False)


def wrong_lengths():
    yield in_udp(QUERY, total_length=200)
    yield in_udp(QUERY, total_length=12)
    yield ethernet(IPV4, ipv4(B, A, UDP, udp(B, A, 40053, 53, QUERY), version_and_words=0x43))
    yield ethernet(IPV4, ipv4(B, A, UDP, udp(B, A, 40053, 53, QUERY), version_and_words=0x65))
    yield in_udp(QUERY, length=4)
    yield in_udp(QUERY, length=300)
    yield in_tcp(b"GET / HTTP/1.1\r\n\r\n", words=3)
    yield in_tcp(b"", words=15)
    yield in_tcp(b"", words=6, options=bytes.fromhex("02000000"))
    yield ethernet(IPV6, ipv6(B6, A6, UDP, udp(B6, A6, 40053, 53, QUERY), payload_length=200))


def ends_too_early():
    yield ethernet(ARP, bytes.fromhex("0001080006040001 020000000002 C000"))
    yield ethernet(IPV4, ipv4(B, A, ICMP, b"\x08\x00"))
    yield ethernet(IPV4, b"\x45\x00")
    yield ethernet(IPV6, ipv6(B6, A6, 0, b"\x11\x05"))


def malformed_dns():
    head = struct.pack("!HHHHHH", 2, 0x0100, 1, 0, 0, 0)
    yield dns(head + b"\xc0\x0c" + struct.pack("!HH", 1, 1))
    yield dns(head + b"\x3fwww")
    yield dns(head + b"\x83www\0" + struct.pack("!HH", 1, 1))
    promises_five = struct.pack("!HHHHHH", 3, 0x8180, 1, 5, 0, 0)
    yield dns_reply(promises_five + dns_name("www.example.org") + struct.pack("!HH", 1, 1))
    yield dns_reply(dns_answer(4, "www.example.org", b"\x01\x02"))
    yield dns(b"\0\x05\x01")


if __name__ == "__main__":
    for group in (too_long_for_the_capture, wrong_lengths, ends_too_early, malformed_dns):
        send(group())
