#!/usr/bin/env bash
# An answer of sixty addresses is shown whole. Where a packet has more than a row takes, the row says so, on its
# line and in JSON.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

python3 - "$WORK/many.pcap" <<'WRITE'
import socket, struct, sys

def answer(count):
    question = b"\7example\3org\0" + struct.pack("!HH", 1, 1)
    records = b"".join(b"\xc0\x0c" + struct.pack("!HHIH4B", 1, 1, 60, 4, 10, 0, n >> 8, n & 255)
                       for n in range(1, count + 1))
    message = struct.pack("!6H", 7, 0x8180, 1, count, 0, 0) + question + records
    udp = struct.pack("!HHHH", 53, 4000, 8 + len(message), 0) + message
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0,
                     socket.inet_aton("192.0.2.1"), socket.inet_aton("192.0.2.2"))
    return bytes.fromhex("0200000000020200000000010800") + ip + udp

with open(sys.argv[1], "wb") as out:
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
    for count in (60, 1000, 2000):
        packet = answer(count)
        out.write(struct.pack("<IIII", 1747305000, 0, len(packet), len(packet)) + packet)
WRITE

ctl --json -r many.pcap
expect_status 0
jq -es 'map(.dns.resolved_ip | length) == [60, 1000, 1023] and
        map(.dns.answers | length) == [60, 1000, 1023] and
        map(.packetsentry.incomplete) == [null, null, true]' "$OUT/ctl.out" >/dev/null ||
    fail "not the addresses that there are: $(jq -c '[(.dns.resolved_ip | length), .packetsentry.incomplete]' "$OUT/ctl.out")"
ctl --no-files -r many.pcap
expect_status 0
expect_count 3 "$OUT/ctl.out" ' - DNS '
expect_count 1 "$OUT/ctl.out" ' \[incomplete\]$'
expect_count 1 "$OUT/ctl.out" ',10\.0\.0\.60$'
