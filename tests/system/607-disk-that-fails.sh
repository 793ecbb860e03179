#!/usr/bin/env bash
# Expected: the disk under a saving job fails only when it is written to, long after write(2) said all was
# well: the sync finds it, one line tells it, saving ends for good with status 3, and dissecting goes on. What is
# counted as saved from then on is what an earlier sync has brought to the disk, and can be read there.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

make_disk 8m 64M mkfs.ext4 -q -O ^has_journal
start_daemon
start_capture capture start -i eth0 -f udp -o disk/lost.pcap
send_numbered 2000 3000
sleep 11  # a sync is due every 10 s
write_capture "$TEMP/flood.pcap" 60000
in_b tcpreplay -q --preload-pcap --topspeed --loop=4 -i eth0 "$TEMP/flood.pcap" >"$OUT/tcpreplay.out" 2>&1
wait_until 20 "the word of it" grep -q 'no longer saved' "$OUT/capture.err"
expect_count 1 "$OUT/capture.err" 'no longer saved'
saved=$(job_number 1 .ledger.saved)
expect_at_least "packets saved" 3000 "$saved"
cp --sparse=always "$TEMP/images/disk" "$TEMP/after.image"
mount_image "$TEMP/after.image" "$TEMP/after"
expect_at_least "of them read from the disk" "$saved" "$(tcpdump -nr "$TEMP/after/lost.pcap" 2>/dev/null | wc -l)"
show_job 1 | jq -e '.ledger | .saved + .not_saved == .recorded' >/dev/null || fail "F does not balance"
send_numbered 20000 10
sleep 0.5
interrupt capture
expect_status 3
expect_at_least "rows" 163000 "$(count_lines "$(results_file)" '^Summary: ')"
