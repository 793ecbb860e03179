#!/usr/bin/env bash
# The fields of tags, ICMP and DNS answers as the Elastic Common Schema names and types them, and bytes that are no
# text, which can be told from the four characters that show them.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

python3 - "$WORK/ecs.pcap" <<'WRITE'
import socket, struct, sys

def ipv4(protocol, payload):
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0,
                       socket.inet_aton("192.0.2.1"), socket.inet_aton("192.0.2.2")) + payload

def udp(payload):
    return struct.pack("!HHHH", 53, 4000, 8 + len(payload), 0) + payload

def ethernet(payload, *tags):
    types = [0x88A8] * (len(tags) - 1) + [0x8100] * bool(tags) + [0x0800]
    head = bytes.fromhex("020000000002020000000001") + struct.pack("!H", types[0])
    return head + b"".join(struct.pack("!HH", tag, after) for tag, after in zip(tags, types[1:])) + payload

def answer(name):
    question = name + struct.pack("!HH", 1, 1)
    records = (b"\xc0\x0c" + struct.pack("!HHIH", 5, 1, 300, 4) + b"\1w\xc0\x0c",
               b"\1w\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + socket.inet_aton("198.51.100.7"),
               b"\1w\xc0\x0c" + struct.pack("!HHIH", 28, 1, 60, 16) + socket.inet_pton(socket.AF_INET6, "2001:db8::7"),
               b"\xc0\x0c" + struct.pack("!HHIH", 47, 1, 0, 3) + bytes(3))
    return struct.pack("!6H", 7, 0x8180, 1, len(records), 0, 0) + question + b"".join(records)

def name(*labels):
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\0"

packets = (
    ethernet(ipv4(1, struct.pack("!BBHHH", 8, 0, 0, 9, 1)), 30),
    ethernet(ipv4(1, struct.pack("!BBHHH", 3, 1, 0, 0, 0)), 10, 20),
    ethernet(ipv4(17, udp(answer(name(b"example", b"org"))))),
    ethernet(ipv4(17, udp(answer(name(b"a\xff"))))),
    ethernet(ipv4(17, udp(answer(name(b"a" + rb"\xff"))))),
    ethernet(ipv4(1, struct.pack("!BBHHH", 8, 0, 0, 9, 1)), 1, 2, 3, 4),
)
with open(sys.argv[1], "wb") as out:
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
    for packet in packets:
        out.write(struct.pack("<IIII", 1747305000, 0, len(packet), len(packet)) + packet)
WRITE

ctl --json -r ecs.pcap
expect_status 0
holds() { # JQ_CONDITION
    jq -es "$1" "$OUT/ctl.out" >/dev/null || fail "not so in JSON: $1: $(cat "$OUT/ctl.out")"
}
holds 'length == 6 and all(.ecs.version == "9.5.0")'
holds '.[0] | .network.vlan == {"id": "30"} and (.network | has("inner") | not) and (has("vlan") | not)'
holds '.[0] | .packetsentry.icmp == {"type": 8, "code": 0, "id": 9, "sequence": 1} and (has("icmp") | not)'
holds '.[1] | .network.vlan.id == "10" and .network.inner.vlan.id == "20" and .packetsentry.icmp.type == 3'
holds '.[2].dns | .id == "7" and .resolved_ip == ["198.51.100.7", "2001:db8::7"]'
holds '.[2].dns.answers == [
    {"name": "example.org", "type": "CNAME", "class": "IN", "ttl": 300, "data": "w.example.org"},
    {"name": "w.example.org", "type": "A", "class": "IN", "ttl": 60, "data": "198.51.100.7"},
    {"name": "w.example.org", "type": "AAAA", "class": "IN", "ttl": 60, "data": "2001:db8::7"},
    {"name": "example.org", "type": "NSEC", "class": "IN", "ttl": 0}]'
holds '.[3].dns.question.name == "a\\xFF"'
holds '.[3].dns.question.name != .[4].dns.question.name'
holds '.[5].network | .vlan.id == "1" and .inner.vlan.id == "4"'
holds '.[5].packetsentry.vlan.between == [2, 3]'
ctl --no-files -r ecs.pcap
expect_count 1 "$OUT/ctl.out" ' DNS a\\xFF A '
