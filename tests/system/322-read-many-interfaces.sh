#!/usr/bin/env bash
# A file may describe many thousands of interfaces: each packet is of its own, also in a copy.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

COUNT=10000
python3 - "$WORK/many.pcapng" $COUNT <<'WRITE'
import struct, sys
frame = bytes.fromhex("020000000002 020000000001 0806 0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202")

def block(kind, body):
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

count = int(sys.argv[2])
with open(sys.argv[1], "wb") as out:
    out.write(block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
    for number in range(count):
        name = b"port%d" % number
        out.write(block(1, struct.pack("<HHIHH", 1, 0, 0, 2, len(name)) + name))
    for number in (0, 4095, 4096, count - 1):
        out.write(block(6, struct.pack("<IIIII", number, 0, number, len(frame), len(frame)) + frame))
WRITE
chmod 644 "$WORK/many.pcapng"
for file in many.pcapng copy.pcapng; do
    ctl --json -r "$file" -o "next-$file"
    expect_status 0
    expect_equal "interfaces of $file" "port0 port4095 port4096 port9999" \
        "$(jq -r .observer.ingress.interface.name "$OUT/ctl.out" | xargs)"
    mv "$WORK/next-$file" "$WORK/copy.pcapng"
done
