#!/usr/bin/env python3
"""vlan.py INTERFACE: sends DNS and pings behind one and two VLAN tags."""
from frames import (
    ICMP, ICMPV6, IPV4, IPV6, QINQ, VLAN, dns_answer, dns_query, ethernet, icmp_echo, icmpv6_echo, ipv4, ipv6, packed,
    send, udp_packet, vlan,
)

A, B = "192.0.2.1", "192.0.2.2"
A6, B6 = "2001:db8::1", "2001:db8::2"
NAME = "www.example.org"


def tagged(number, ethertype, packet, to_a, priority=0):
    return ethernet(VLAN, vlan(number, ethertype, packet, priority), to_a)


def twice_tagged(outer, inner, ethertype, packet, to_a):
    return ethernet(QINQ, vlan(outer, VLAN, vlan(inner, ethertype, packet)), to_a)


def question(source, destination, kind):
    return udp_packet(source, destination, 40053, 53, dns_query(0x2A01, NAME, kind))


def answer(source, destination, kind, data):
    return udp_packet(source, destination, 53, 40053, dns_answer(0x2A01, NAME, data, kind))


def frames():
    yield tagged(7, IPV4, question(B, A, 1), True)
    yield tagged(7, IPV4, answer(A, B, 1, packed("198.51.100.7")), False)
    yield tagged(4094, IPV6, question(B6, A6, 28), True, priority=5)
    yield tagged(4094, IPV6, answer(A6, B6, 28, packed("2001:db8:7::7")), False, priority=5)
    yield twice_tagged(100, 7, IPV4, question(B, A, 1), True)
    yield twice_tagged(100, 7, IPV4, answer(A, B, 1, packed("198.51.100.7")), False)
    yield twice_tagged(100, 7, IPV4, ipv4(B, A, ICMP, icmp_echo(8, 1)), True)
    yield twice_tagged(100, 7, IPV4, ipv4(A, B, ICMP, icmp_echo(0, 1)), False)
    yield ethernet(VLAN, vlan(100, VLAN, vlan(8, IPV6, ipv6(B6, A6, ICMPV6, icmpv6_echo(B6, A6, 128, 1)))), True)
    yield tagged(0, IPV4, ipv4(B, A, ICMP, icmp_echo(8, 2)), True, priority=7)


if __name__ == "__main__":
    send(frames())
