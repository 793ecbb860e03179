#!/usr/bin/env bash
# Expected: the file system's quota is used up while packets are saved: one line says so, dissecting goes on,
# status 3 at the end, and all that is counted as saved can be read. (A file system that copies on write has no
# room to cut the file either: a part of one packet may stay behind them.)
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

make_disk 200m 120M mkfs.btrfs -q --mixed
btrfs quota enable "$WORK/disk"
btrfs subvolume create "$WORK/disk/night" >"$OUT/btrfs.out"
btrfs qgroup limit 1M "$WORK/disk/night"
chmod 777 "$WORK/disk/night"

start_daemon
start_capture capture start -i eth0 -f udp -o disk/night/full.pcap
send_numbered 2000 30000 20000
wait_until 10 "the word of it" grep -qi 'quota' "$OUT/capture.err"
expect_count 1 "$OUT/capture.err" 'no longer saved .*: .*[Qq]uota exceeded'
send_numbered 40000 100 20000
wait_until 5 "packets after it" grep -q -- '-> 40099' "$OUT/capture.out"
interrupt capture
expect_status 3
count=$(capinfos -TrcM "$WORK/disk/night/full.pcap" 2>"$TEMP/complaint" | cut -f 2) || true
expect_at_least "packets that can be read" 5000 "$count"
expect_count 30100 "$(results_file)" '^Summary: '
expect_equal "packets saved, as counted" "$count" \
    "$(sed -n 's/.* saved \([0-9]*\), not saved.*/\1/p' "$OUT/capture.err" | tail -n 1)"
