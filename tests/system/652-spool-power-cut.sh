#!/usr/bin/env bash
# Expected: whoever pulls the plug loses at most what was captured in the sync interval, of what is kept. State and spool
# are on ext4 on a loop device; its image, copied at two moments under traffic, is what a disk holds after a power cut.
# A daemon that starts on it has the job under its number, reads the catalogue, finds what it must, and goes on.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

jobs="$TEMP/jobs"
mkdir -p -m 0755 "$jobs" "$TEMP/images"
printf 'interface = ["eth0"]\nfilter = { bpf = "udp dst portrange 2000-60000" }\n[keep.packets]\nage = "1d"\n' >"$jobs/lab.toml"
printf '[spool]\nsync_interval = "2s"\n' >"$TEMP/packetsentryd.toml"
truncate -s 64M "$TEMP/images/disk"
mkfs.ext4 -q "$TEMP/images/disk" || skip "mkfs.ext4 is not installed"
mount_image "$TEMP/images/disk" "$TEMP/state"
start_lab() {
    start_daemon --config "$TEMP/packetsentryd.toml" --jobs-dir "$jobs"
    wait_until 10 "the standing job" job_runs lab
}
last_are() { # FIRST LAST
    ctl search --last 100 -T fields -e destination.port
    [[ $(md5sum <"$OUT/ctl.out") == "$(seq "$1" "$2" | md5sum)" ]]
}
CTL_AS=root

start_lab
send_numbered 2000 20000 500 &
sender=$!
wait_until 10 "packets" shows_number lab .ledger.recorded 10

# What was recorded 2 s ago, and half a second for the sync to be done, is on the disk. Nobody asks meanwhile, which would
# have the open block written.
for cut in 1 2; do
    sleep $((cut * 2))
    recorded[cut]=$(job_number lab .ledger.recorded)
    sleep 2.5
    cp "$TEMP/images/disk" "$TEMP/images/cut-$cut"
done
stop_sender "$sender"
stop_daemon
for cut in 1 2; do
    umount "$TEMP/state"
    mount_image "$TEMP/images/cut-$cut" "$TEMP/state"
    start_lab
    expect_equal "the number of the job" 1 "$(job_number lab .id)"
    expect_no_line "$TEMP/daemon.log" 'damaged|not resumed'
    ctl search -T fields -e destination.port -o found.pcapng
    expect_status 0
    expect_no_line "$OUT/ctl.err" 'damaged|cannot'
    rows=$(wc -l <"$OUT/ctl.out")
    echo "cut $cut: ${recorded[cut]} recorded 2.5 s before, $rows found"
    expect_at_least "rows after power cut $cut" "${recorded[cut]}" "$rows"
    expect_equal "those rows" "$(seq 2000 $((1999 + rows)) | md5sum)" "$(md5sum <"$OUT/ctl.out")"
    expect_equal "their packets" "$rows" "$(capinfos -McT "$WORK/found.pcapng" 2>/dev/null | tail -n 1 | cut -f 2)"
    send_numbered 50000 100
    wait_until 5 "rows afterwards" last_are 50000 50099
    stop_daemon
done
((recorded[2] >= recorded[1] + 500)) || fail "${recorded[1]} packets, and later ${recorded[2]}: too few to prove anything"
