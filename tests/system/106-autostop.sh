#!/usr/bin/env bash
# -a duration:, packets: and filesize: each end the capture by themselves.
# Runs alone: it measures time.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
begin=$(date +%s%N)
ctl start -i eth0 -f udp -a duration:1s --no-files
expect_status 0
took=$((($(date +%s%N) - begin) / 1000000))
((took >= 900 && took < 4000)) || fail "duration:1s took $took ms"

start_capture packets start -i eth0 -f udp -a packets:9
send_numbered 2000 30
wait_for packets
expect_status 0
expect_count 9 "$OUT/packets.out" ' - UDP '

start_capture size start -i eth0 -f udp -a filesize:10KiB -o size.pcap
send_numbered 3000 2000
wait_for size
expect_status 0
size=$(stat -c %s "$WORK/size.pcap")
((size >= 10240 && size < 12288)) || fail "filesize:10KiB gave $size bytes"
