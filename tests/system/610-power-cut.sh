#!/usr/bin/env bash
# Expected: whoever pulls the plug loses at most the last 10 s of what is saved. The disk is ext4 on a loop
# device; its image, copied in the midst of it, is what a disk holds after a power cut.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

make_disk 300m 64M mkfs.ext4 -q
start_daemon
ctl start -d -i eth0 -f udp -o disk/night.pcap
expect_status 0
send_numbered 2000 12000 300 &
sender=$!
wait_until 10 "packets" shows_number 1 .ledger.recorded 10

# What was recorded 10 s ago, and half a second for the sync to be done, is on the disk: the first time, and
# the next.
for cut in 1 2; do
    recorded[cut]=$(job_number 1 .ledger.recorded)
    sleep 10.5
    cp "$TEMP/images/disk" "$TEMP/images/cut-$cut"
done
kill "$sender"
for cut in 1 2; do
    mount_image "$TEMP/images/cut-$cut" "$TEMP/cut-$cut"
    tcpdump -nr "$TEMP/cut-$cut/night.pcap" 2>"$TEMP/complaint" |
        sed -n 's/.* > 10\.77\.0\.1\.\([0-9]*\): .*/\1/p' >"$TEMP/read" || true
    rows=$(wc -l <"$TEMP/read")
    echo "cut $cut: ${recorded[cut]} recorded 10.5 s before, $rows read back"
    expect_at_least "packets after power cut $cut" "${recorded[cut]}" "$rows"
    expect_equal "those packets" "$(seq 2000 $((1999 + rows)) | md5sum)" "$(md5sum <"$TEMP/read")"
done
((recorded[2] >= recorded[1] + 1000)) || fail "${recorded[1]} packets, and 10 s later ${recorded[2]}: too few to prove anything"
