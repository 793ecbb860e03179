#!/usr/bin/env bash
# Expected: the disk under a saving job fails only when it is written to, long after write(2) said all was
# well: the sync finds it, one line tells it, saving ends for good with status 3, and dissecting goes on.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

mkdir "$WORK/small" "$WORK/disk"
mount -t tmpfs -o size=8m none "$WORK/small" 2>/dev/null || skip "no right to mount a small file system"
truncate -s 64M "$WORK/small/image"
mkfs.ext4 -q -O ^has_journal "$WORK/small/image" 2>/dev/null || skip "mkfs.ext4 is not installed"
loop=$(losetup --find --show "$WORK/small/image" 2>/dev/null) || skip "no loop device to be had"
clean_up() {
    umount -l "$WORK/disk" 2>/dev/null || true
    losetup -d "$loop" 2>/dev/null || true
}
trap 'clean_up; finish' EXIT
mount "$loop" "$WORK/disk" || skip "cannot mount ext4"
chmod 777 "$WORK/disk"

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
