#!/usr/bin/env bash
# The disk fills while packets are saved: one clear line, status 3 at the end, dissecting goes on, and what
# was written before can be read.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

mkdir "$WORK/small"
mount -t tmpfs -o size=256k,mode=777 none "$WORK/small" 2>/dev/null || skip "no right to mount a small file system"
start_daemon
start_capture capture start -i eth0 -f udp -o small/full.pcap
send_numbered 2000 8000 20000
wait_until 5 "the word of it" grep -qi 'no space' "$OUT/capture.err" "$OUT/capture.out"
send_numbered 20000 100 20000
wait_until 5 "packets after it" grep -q -- '-> 20099' "$OUT/capture.out"
interrupt capture
expect_status 3
expect_equal "lines about it" 1 "$(cat "$OUT/capture.err" "$OUT/capture.out" | grep -ci 'no space')"
saved=$(tcpdump -nr "$WORK/small/full.pcap" 2>/dev/null | wc -l)
expect_at_least "packets that can be read" 2000 "$saved"
expect_count 8100 "$(results_file)" '^Summary: '
