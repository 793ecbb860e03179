#!/usr/bin/env python3
"""host_services.py INTERFACE ADDRESS NTP_SERVER: announces a printer by mDNS and SSDP, looks for one, asks the time."""
import socket
import struct
import sys

from frames import dns_name, packed

MDNS, SSDP = ("224.0.0.251", 5353), ("239.255.255.250", 1900)
SERVICE, HOST = "_ipp._tcp.local", "printer.local"
PTR, A, SRV = 12, 1, 33


def mdns_query(name, kind):
    return struct.pack("!HHHHHH", 0, 0, 1, 0, 0, 0) + dns_name(name) + struct.pack("!HH", kind, 1)


def record(name, kind, data, flush=0x8000):
    return dns_name(name) + struct.pack("!HHIH", kind, flush | 1, 120, len(data)) + data


def mdns_answer(address):
    """RFC 6762: a pointer, which is shared, and the host's own records, which replace older ones."""
    instance = "Office." + SERVICE
    return (
        struct.pack("!HHHHHH", 0, 0x8400, 0, 1, 0, 2)
        + record(SERVICE, PTR, dns_name(instance), flush=0)
        + record(instance, SRV, struct.pack("!HHH", 0, 0, 631) + dns_name(HOST))
        + record(HOST, A, packed(address))
    )


def lines(*text):
    return "".join(line + "\r\n" for line in (*text, "")).encode()


SEARCH = lines(
    "M-SEARCH * HTTP/1.1", "HOST: 239.255.255.250:1900", 'MAN: "ssdp:discover"', "MX: 1",
    "ST: urn:schemas-upnp-org:device:Printer:1",
)
NOTIFY = lines(
    "NOTIFY * HTTP/1.1", "HOST: 239.255.255.250:1900", "NT: upnp:rootdevice", "NTS: ssdp:alive",
    "LOCATION: http://printer.example.org/description.xml", "USN: uuid:00000000-0000-0000-0000-000000000001",
)


def announce(address, group, payloads):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, packed(address))
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255 if group == MDNS else 2)
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
        sender.bind((address, group[1]))
        for payload in payloads:
            sender.sendto(payload, group)


def announce_over_ipv6(interface, payload):
    index = socket.if_nametoindex(interface)
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
        sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 0)
        sender.bind(("::", 5353))
        sender.sendto(payload, ("ff02::fb", 5353, 0, index))


def ask_time(server):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(10)
        client.sendto(b"\x23" + bytes(39) + bytes.fromhex("EC00000080000000"), (server, 123))
        client.recv(2048)


def main(interface, address, server):
    announce(address, MDNS, [mdns_query(SERVICE, PTR), mdns_answer(address)])
    announce_over_ipv6(interface, mdns_query(HOST, A))
    announce(address, SSDP, [SEARCH, NOTIFY])
    ask_time(server)


if __name__ == "__main__":
    main(*sys.argv[1:])
