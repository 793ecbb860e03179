#!/usr/bin/env bash
# Every packet of a file is a row, whatever its time. One that no 64 bits of nanoseconds can say is marked as one that
# has none, in lines, in JSON, and in what is saved of it.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

python3 - "$WORK/times.pcapng" <<'WRITE'
import struct, sys
frame = bytes.fromhex("020000000002 020000000001 0806 0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202")

def block(kind, body):
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

def interface(resolution, offset):
    options = struct.pack("<HHB3x", 9, 1, resolution) + struct.pack("<HHq", 14, 8, offset) + bytes(4)
    return block(1, struct.pack("<HHI", 1, 0, 0) + options)

def packet(number, ticks):
    return block(6, struct.pack("<IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame)) + frame)

with open(sys.argv[1], "wb") as out:
    out.write(block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
    out.write(interface(9, 0) + interface(6, 0) + interface(0, -10000000000))
    out.write(packet(0, 2**63 - 1) + packet(0, 2**63))           # the last nanosecond, and the next
    out.write(packet(1, 2**64 - 1) + packet(1, 1700000000000000))  # microseconds
    out.write(packet(2, 5) + packet(2, 9999999999))              # before 1677, and a second before 1970
WRITE
chmod 644 "$WORK/times.pcapng"
known() { jq -c '."@timestamp" // "none"' "$1" | tr -d '"' | tr '\n' ' '; }
ctl --json -r times.pcapng -o copy.pcapng
expect_status 0
expect_equal "times" \
    "2262-04-11T23:47:16.854775807Z none none 2023-11-14T22:13:20.000000000Z none 1969-12-31T23:59:59.000000000Z " \
    "$(known "$OUT/ctl.out")"
ctl --no-files -r times.pcapng
expect_status 0
expect_count 6 "$OUT/ctl.out" 'ARP 192.0.2.1 -> 192.0.2.2'
expect_no_line "$OUT/ctl.out" 'filtered out'

# Without a time the format may say so for packets of the first interface; before 1970 it cannot.
ctl --json -r copy.pcapng
expect_status 0
expect_equal "rows of the copy" 6 "$(wc -l <"$OUT/ctl.out")"
expect_equal "the first two times of the copy" "2262-04-11T23:47:16.854775807Z none " \
    "$(known <(head -n 2 "$OUT/ctl.out"))"
ctl --json -r times.pcapng -o copy.pcap
expect_status 0
ctl --json -r copy.pcap
expect_equal "times of the pcap" "1970 1970 1970 2023 1970 1970 " "$(known "$OUT/ctl.out" | sed 's/-[^ ]*//g')"
