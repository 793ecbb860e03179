#!/usr/bin/env python3
"""tunnels.py INTERFACE: sends packets in GRE, Geneve, IP in IP and IPv6 in IPv4."""
import struct

from frames import (
    BRIDGED, GRE, ICMP, ICMPV6, IN_IPV4, IN_IPV6, IPV4, TCP, dns_answer, dns_query, ethernet, icmp_echo, icmpv6_echo,
    ipv4, ipv6, packed, send, tcp, udp_packet,
)

A, B = "192.0.2.1", "192.0.2.2"
INNER_A, INNER_B = "198.51.100.129", "198.51.100.130"
INNER_A6, INNER_B6 = "2001:db8:2::1", "2001:db8:2::2"
NAME = "www.example.org"


def carried(protocol, payload, to_a=True):
    return ethernet(IPV4, ipv4(*((B, A) if to_a else (A, B)), protocol, payload), to_a)


def gre(ethertype, payload, key=None):
    head = struct.pack("!HH", 0x2000 if key is not None else 0, ethertype)
    return head + (struct.pack("!I", key) if key is not None else b"") + payload


def geneve(network, frame, options=b""):
    return struct.pack("!BBHI", len(options) // 4, 0, BRIDGED, network << 8) + options + frame


def in_geneve(network, frame, to_a, options=b""):
    source, destination = (B, A) if to_a else (A, B)
    return ethernet(IPV4, udp_packet(source, destination, 40081, 6081, geneve(network, frame, options)), to_a)


def frames():
    yield carried(GRE, gre(IPV4, ipv4(INNER_B, INNER_A, ICMP, icmp_echo(8, 1))))
    yield carried(GRE, gre(IPV4, ipv4(INNER_A, INNER_B, ICMP, icmp_echo(0, 1))), False)
    yield carried(GRE, gre(IPV4, udp_packet(INNER_B, INNER_A, 40053, 53, dns_query(9, NAME)), key=42))
    query = ethernet(IPV4, udp_packet(INNER_B, INNER_A, 40053, 53, dns_query(10, NAME)))
    answer = ethernet(
        IPV4, udp_packet(INNER_A, INNER_B, 53, 40053, dns_answer(10, NAME, packed("198.51.100.7"))), False
    )
    yield in_geneve(43, query, True)
    yield in_geneve(43, answer, False, options=bytes.fromhex("0102 80 01 00000007"))
    yield carried(IN_IPV4, ipv4(INNER_B, INNER_A, TCP, tcp(INNER_B, INNER_A, 40080, 80, b"", flags=2)))
    request = b"GET /tunnel HTTP/1.1\r\nHost: www.example.org\r\n\r\n"
    yield carried(IN_IPV4, ipv4(INNER_B, INNER_A, TCP, tcp(INNER_B, INNER_A, 40080, 80, request)))
    yield carried(IN_IPV6, ipv6(INNER_B6, INNER_A6, ICMPV6, icmpv6_echo(INNER_B6, INNER_A6, 128, 1)))


if __name__ == "__main__":
    send(frames())
