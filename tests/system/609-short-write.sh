#!/usr/bin/env bash
# Expected: where a write is short, and the next one fails, the file is cut back to whole packets, all of
# which are counted as saved, no more; one line tells it, dissecting goes on, status 3.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
start_capture capture start -i eth0 -f udp -o short.pcap
send_numbered 2000 100 1000
wait_until 5 "the first packets" grep -q -- '-> 2099' "$OUT/capture.out"
# A packet takes 16 + 50 bytes: the limit falls within one.
prlimit --pid "$(worker_pid)" --fsize=$((24 + 66 * 1000 + 30))
send_numbered 3000 3000 20000
wait_until 5 "the word of it" grep -q 'no longer saved' "$OUT/capture.err"
expect_count 1 "$OUT/capture.err" 'no longer saved .*: .*File too large'
wait_until 5 "packets after it" grep -q -- '-> 5999' "$OUT/capture.out"
interrupt capture
expect_status 3
count=$(tcpdump -r "$WORK/short.pcap" --count 2>"$TEMP/complaint") || fail "tcpdump: $(cat "$TEMP/complaint")"
expect_equal "packets that can be read" 1000 "${count%% *}"
expect_equal "bytes of the file" $((24 + 66 * 1000)) "$(stat -c %s "$WORK/short.pcap")"
expect_line "$OUT/capture.err" 'saved 1000, not saved 2100'
expect_count 3100 "$(results_file)" '^Summary: '
