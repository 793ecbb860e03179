#!/usr/bin/env bash
# The interface is deleted while it is captured: told within a second or two in one clear line, and what
# was captured is there. Another job on another interface does not notice.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
ctl start -d -i eth1 --name other
start_capture capture start -i eth0 -f icmp -o saved.pcap
ping_a 5
wait_until 3 "the pings" has_lines 10 "$OUT/capture.out" 'ICMP'
ip -n "$NS_A" link del eth0
wait_until 3 "the word of it" grep -aqE 'eth0.*(gone|removed|disappeared|no longer)' "$OUT/capture.err" "$OUT/capture.out"
wait_for capture
expect_status 2
expect_equal "lines about it" 1 "$(cat "$OUT/capture.err" "$OUT/capture.out" | grep -acE 'eth0.*(gone|removed|disappeared|no longer)')"
expect_equal "packets saved" 10 "$(tcpdump -nr "$WORK/saved.pcap" 2>/dev/null | wc -l)"
expect_count 10 "$(results_file)" '^Summary: ICMP'
job_runs other || fail "the other job ended too"
