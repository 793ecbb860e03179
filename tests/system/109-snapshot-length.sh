#!/usr/bin/env bash
# -s cuts what is kept of a packet, and its length on the wire stays known.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
start_ctl capture start -i eth0 -f icmp -c 4 -s 64 -o cut.pcap --json --name cut
wait_until 10 "the capture" job_runs cut
in_b ping -q -n -i 0.01 -s 1000 -c 2 10.77.0.1 >/dev/null
wait_for capture
expect_status 0
jq -es 'length == 4 and all(.network.bytes == 1042 and .packetsentry.captured_bytes == 64)' "$OUT/capture.out" \
    >/dev/null || fail "lengths in JSON: $(jq -c '[.network.bytes, .packetsentry.captured_bytes]' "$OUT/capture.out" | head -n 1)"
# 24 bytes of file head, then 16 + 64 bytes a packet.
expect_equal "bytes of the file" $((24 + 4 * 80)) "$(stat -c %s "$WORK/cut.pcap")"
expect_equal "packets for tcpdump" 4 "$(tcpdump -nr "$WORK/cut.pcap" 2>/dev/null | wc -l)"
