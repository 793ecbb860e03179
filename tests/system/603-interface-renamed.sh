#!/usr/bin/env bash
# Expected: a rename is told as such, once, and the same interface is captured on under its new name.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
start_capture capture start -i eth0 -f icmp --name steady
ping_a 1
ip -n "$NS_A" link set eth0 down
ip -n "$NS_A" link set eth0 name lan0
ip -n "$NS_A" link set lan0 up
wait_until 3 "the word of it" grep -q "'eth0' is called 'lan0' now" "$OUT/capture.err"
wait_until 5 "the cable" ping_a 1
ping_a 3
wait_until 3 "packets after it" has_lines 8 "$OUT/capture.out" 'ICMP'
expect_count 1 "$OUT/capture.err" 'is called'
interrupt capture
expect_status 0
