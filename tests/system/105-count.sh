#!/usr/bin/env bash
# -c N ends after exactly N packets that passed the filter, whatever else is on the wire.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
start_capture capture start -i eth0 --filter-port 2005 -c 1 -o one.pcap
start_capture seven start -i eth0 -f udp -c 7 -o seven.pcap
send_numbered 2000 50
wait_for capture
expect_status 0
wait_for seven
expect_status 0
expect_count 1 "$OUT/capture.out" "^$WHEN - UDP 10\.77\.0\.2 -> 10\.77\.0\.1 UDP 7777 -> 2005"
expect_count 1 "$OUT/capture.out" " - UDP "
expect_count 7 "$OUT/seven.out" " - UDP "
expect_equal "packets in one.pcap" 1 "$(tcpdump -nr "$WORK/one.pcap" 2>/dev/null | wc -l)"
expect_equal "packets in seven.pcap" 7 "$(tcpdump -nr "$WORK/seven.pcap" 2>/dev/null | wc -l)"
