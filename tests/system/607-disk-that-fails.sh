#!/usr/bin/env bash
# Expected: the disk under a saving job fails only when it is written to, long after write(2) said all was
# well: the sync finds it, one line tells it, saving ends for good with status 3, and dissecting goes on.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

make_disk 8m 64M mkfs.ext4 -q -O ^has_journal
start_daemon
start_capture capture start -i eth0 -f udp -o disk/lost.pcap
write_capture "$TEMP/flood.pcap" 60000
in_b tcpreplay -q --preload-pcap --topspeed --loop=4 -i eth0 "$TEMP/flood.pcap" >"$OUT/tcpreplay.out" 2>&1
wait_until 20 "the word of it" grep -q 'no longer saved' "$OUT/capture.err"
expect_count 1 "$OUT/capture.err" 'no longer saved'
send_numbered 20000 10
sleep 0.5
interrupt capture
expect_status 3
expect_at_least "rows" 160000 "$(count_lines "$(results_file)" '^Summary: ')"
