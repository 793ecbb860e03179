#!/usr/bin/env bash
# read --redact on packets in which payload looks like a header, or hides in one: none of it is in the file that
# is written, nor, with addresses, an address of a tunnel's or a pseudowire's inside.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

# Of the frames of write_look_alikes.py, as bytes.
ADDRESSES='\x1b\x21\x11\x22\x33|\xc0\x40\x11\x22\x33|\x6c\x40\x08\x11\x22|\x40\x08\x11\x22\x33|\xac\x48\x00\x11\x22'
ADDRESSES+='|\xcb\x00\x71[\x4d\x4e]|\x20\x01\x0d\xb8\x00\x77|\xc6\x33\x64[\x01\x02]|\x02\x00\x00\x00\x00[\x01\x02]'

matches() { # PATTERN FILE
    LC_ALL=C grep -oaP -- "$1" "$2" || true
}
# The packets of a file that hold what they must not, by their names.
culprits() { # PATTERN FILE
    python3 - "$1" "$2" "$WORK/names" <<'PYTHON'
import re, struct, sys
pattern, path, names = sys.argv[1:]
pattern = re.compile(pattern.encode(), re.DOTALL)
data, at, packets = open(path, "rb").read(), 24, []
while at < len(data):
    size = struct.unpack_from("<I", data, at + 8)[0]
    packets.append(data[at + 16:at + 16 + size])
    at += 16 + size
for name, packet in zip(open(names).read().splitlines(), packets):
    if found := pattern.search(packet):
        print(f"{name}: {found.group()}")
PYTHON
}
expect_none() { # PATTERN FILE
    local found
    found=$(culprits "$1" "$2")
    if [[ -z $found ]]; then return; fi
    echo "$found" >"$OUT/culprits.out"
    fail "${2##*/}: $(wc -l <<<"$found") packets hold what they must not"
}

python3 "$SUPPORT/write_look_alikes.py" "$WORK/attacks.pcap" >"$WORK/names"
PACKETS=$(wc -l <"$WORK/names")
expect_equal "packets with a secret" "$PACKETS" "$(culprits SECR "$WORK/attacks.pcap" | wc -l)"
expect_at_least "addresses" 100 "$(matches "$ADDRESSES" "$WORK/attacks.pcap" | wc -l)"

for what in headers addresses; do
    ctl read attacks.pcap --redact "$what" -o "$what.pcap" --no-files
    expect_status 0
    expect_equal "packets in $what" "$PACKETS" "$(tcpdump -nr "$WORK/$what.pcap" 2>/dev/null | grep -cE '^([0-9]{2}:){2}')"
    expect_none SECR "$WORK/$what.pcap"
    expect_no_line "$OUT/ctl.out" SECR
done
expect_none "$ADDRESSES" "$WORK/addresses.pcap"
expect_no_line "$OUT/ctl.out" '203\.0\.113\.|198\.51\.100\.|2001:db8:77:'

# What is a header stays one: the outer addresses are there, and the tunnels' inner ones.
ctl read headers.pcap --no-files
expect_line "$OUT/ctl.out" '198\.51\.100\.1'
expect_line "$OUT/ctl.out" ' vxlan 203\.0\.113\.77'
expect_line "$OUT/ctl.out" ' 203\.0\.113\.77(:40000)? -> 203\.0\.113\.78'
