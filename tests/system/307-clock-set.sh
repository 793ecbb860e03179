#!/usr/bin/env bash
# A capture over which the clock was set back by an hour, and then forward by two: every packet in the
# order in which it came, with its own time; where time goes back, a mark.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_capture "$WORK/set.pcap" 300
python3 - "$WORK/set.pcap" <<'PY'
import struct
import sys

data = bytearray(open(sys.argv[1], "rb").read())
at = 24
for number in range(300):
    seconds, _, captured, _ = struct.unpack_from("<IIII", data, at)
    struct.pack_into("<I", data, at, seconds + (0, -3600, 3600)[number // 100])
    at += 16 + captured
open(sys.argv[1], "wb").write(data)
PY
TEST_TZ=UTC ctl -r set.pcap -o copy.pcap
expect_status 0
expect_count 100 "$OUT/ctl.out" '^2025-05-15 10:30:00 - '
expect_count 100 "$OUT/ctl.out" '^2025-05-15 09:30:00 - '
expect_count 100 "$OUT/ctl.out" '^2025-05-15 11:30:00 - '
expect_count 1 "$OUT/ctl.out" ' \[clock set back\]$'
expect_line "$OUT/ctl.out" '^2025-05-15 09:30:00 - TCP .* \[clock set back\]$'
expect_count 1 "$(results_file)" ' \[clock set back\]$'
expect_equal "times of the copy" "$(tcpdump -ttnr "$WORK/set.pcap" 2>/dev/null)" "$(tcpdump -ttnr "$WORK/copy.pcap" 2>/dev/null)"
ctl --json -r set.pcap
expect_status 0
expect_equal "rows marked" "101" \
    "$(jq -r 'select(.packetsentry.time_back) | .event.sequence' <"$OUT/ctl.out")"
expect_equal "sequence numbers" "$(seq 300)" "$(jq -r .event.sequence <"$OUT/ctl.out")"
