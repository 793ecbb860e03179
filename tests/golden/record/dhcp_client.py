#!/usr/bin/env python3
"""dhcp_client.py INTERFACE: asks for an IPv4 address to the end, and for an IPv6 address as far as the offer."""
import socket
import struct
import sys

from frames import IPV4, send, udp_packet

MAC = bytes.fromhex("020000000004")
COOKIE = bytes.fromhex("63825363")
DISCOVER, OFFER, REQUEST, ACK = 1, 2, 3, 5
TRANSACTION = 0x2A2A2A2A


def option(number, data):
    return bytes([number, len(data)]) + data


def message(kind, *options):
    """RFC 2131, section 2; the server is asked to answer by broadcast, as there is no address yet."""
    head = struct.pack("!BBBBIHH", 1, 1, 6, 0, TRANSACTION, 0, 0x8000) + bytes(16)
    head += MAC.ljust(16, b"\0") + bytes(64 + 128) + COOKIE
    options = (option(53, bytes([kind])), option(12, b"laptop"), option(55, bytes([1, 3, 6, 15, 51])), *options)
    return (head + b"".join(options) + b"\xff").ljust(300, b"\0")


def options_of(reply):
    found, at = {}, 240
    while reply[at] != 255:
        if reply[at] == 0:
            at += 1
            continue
        found[reply[at]] = reply[at + 2 : at + 2 + reply[at + 1]]
        at += 2 + reply[at + 1]
    return found


def exchange(client, request, expected):
    """The kernel would put an address of another interface into the packet, which is built here for that reason."""
    packet = udp_packet("0.0.0.0", "255.255.255.255", 68, 67, request)
    send([b"\xff" * 6 + MAC + struct.pack("!H", IPV4) + packet])
    reply = client.recv(2048)
    assert options_of(reply)[53] == bytes([expected]), "the server sent another kind of message"
    return reply


def ask_for_ipv4(interface):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
        client.settimeout(10)
        client.bind(("", 68))
        offer = exchange(client, message(DISCOVER), OFFER)
        server = option(54, options_of(offer)[54])
        exchange(client, message(REQUEST, option(50, offer[16:20]), server), ACK)


def ask_for_ipv6(interface):
    """RFC 8415: Solicit, with the client's identifier (its MAC address) and one address association."""
    identifier = struct.pack("!HHHH", 1, 10, 3, 1) + MAC
    association = struct.pack("!HHIII", 3, 12, 1, 0, 0)
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as client:
        client.settimeout(10)
        client.bind(("::", 546, 0, socket.if_nametoindex(interface)))
        solicit = struct.pack("!I", 1 << 24 | 0x2A2A2A) + identifier + association
        client.sendto(solicit, ("ff02::1:2", 547, 0, socket.if_nametoindex(interface)))
        client.recv(2048)


if __name__ == "__main__":
    ask_for_ipv4(sys.argv[1])
    ask_for_ipv6(sys.argv[1])
