#!/usr/bin/env bash
# Expected: whoever pulls the plug loses at most the last 10 s of what is saved. The disk is ext4 on a loop
# device; its image, copied in the midst of it, is what a disk holds after a power cut.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

make_disk 200m 64M mkfs.ext4 -q
start_daemon
ctl start -d -i eth0 -f udp -o disk/night.pcap
expect_status 0
rate=300
send_numbered 2000 $((rate * 16)) "$rate" &
sender=$!
sleep 13
cp "$TEMP/images/disk" "$TEMP/images/after"
kill "$sender"
mount_image "$TEMP/images/after" "$TEMP/after"
# The first 13 - 10 s, less half a second between the sync's beginning and its being due.
sure=$((rate * 5 / 2))
tcpdump -nr "$TEMP/after/night.pcap" 2>"$TEMP/complaint" |
    sed -n 's/.* > 10\.77\.0\.1\.\([0-9]*\): .*/\1/p' >"$TEMP/read" || true
expect_at_least "packets after the power cut" "$sure" "$(wc -l <"$TEMP/read")"
expect_equal "those packets" "$(seq 2000 $((1999 + $(wc -l <"$TEMP/read"))) | md5sum)" "$(md5sum <"$TEMP/read")"
expect_at_least "rows" $((rate * 12)) "$(job_number 1 .ledger.recorded)"
