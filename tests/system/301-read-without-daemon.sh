#!/usr/bin/env bash
# A regular user reads a pcap file with no daemon at all: lines, log, results, a copy with -o.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_capture "$WORK/some.pcap" 300
TEST_TZ=UTC ctl -r some.pcap -o copy.pcapng
expect_status 0
expect_line "$OUT/ctl.out" "^$WHEN - Reading packets from some\.pcap$"
expect_count 100 "$OUT/ctl.out" '^2025-05-15 10:30:00 - DNS 10\.9\.0\.[0-9]+ -> 192\.0\.2\.7 DNS [0-9]+\.example\.test( |$)'
expect_count 100 "$OUT/ctl.out" '^2025-05-15 10:30:00 - TCP 10\.9\.0\.[0-9]+ -> 192\.0\.2\.7 TCP 40001 -> 80( |$)'
expect_count 100 "$OUT/ctl.out" '^2025-05-15 10:30:00 - UDP 10\.9\.0\.[0-9]+ -> 192\.0\.2\.7 UDP 40000 -> [0-9]+( |$)'
expect_count 1 "$OUT/ctl.out" "^$WHEN - Packets saved to copy\.pcapng$"
expect_count 1 "$OUT/ctl.out" "^$WHEN - Results saved to "
cmp -s "$OUT/ctl.out" "$WORK/packetsentry.log" || fail "the log differs from the terminal"
expect_count 300 "$(results_file)" '^Summary: '
expect_count 300 "$(results_file)" '^-{50}$'
expect_equal "packets in the copy" 300 "$(tcpdump -nr "$WORK/copy.pcapng" 2>/dev/null | wc -l)"
ctl read some.pcap -c 5 --no-files
expect_status 0
expect_count 5 "$OUT/ctl.out" "^$WHEN - (TCP|UDP|DNS) "
