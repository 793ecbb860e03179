#!/usr/bin/env bash
# The interface goes down and up again: each told once, and the capture goes on.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
start_capture capture start -i eth0 -f icmp --name steady
ping_a 2
wait_until 3 "the pings" has_lines 4 "$OUT/capture.out" 'ICMP'
ip -n "$NS_A" link set eth0 down
wait_until 3 "the word of it" grep -aqE 'eth0.*down' "$OUT/capture.err" "$OUT/capture.out"
ip -n "$NS_A" link set eth0 up
wait_until 3 "the word of its return" grep -aqE 'eth0.*(is|up|back).*(up|back|again)' "$OUT/capture.err" "$OUT/capture.out"
wait_until 5 "the cable" ping_a 1
ping_a 2
wait_until 3 "packets after it" has_lines 8 "$OUT/capture.out" 'ICMP'
interrupt capture
expect_status 0
