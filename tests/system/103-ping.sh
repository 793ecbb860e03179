#!/usr/bin/env bash
# ping over IPv4 and IPv6: every request and reply once.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
start_ctl six start -i eth0 -f icmp6 --no-files
start_capture four start -i eth0 -f icmp
wait_until 10 "the second capture" grep -q 'Starting capture' "$OUT/six.out"
ping_a 5
in_b ping -q -n -i 0.01 -c 5 fd77::1 >/dev/null
wait_until 3 "the replies over IPv4" has_lines 5 "$OUT/four.out" '10.77.0.1 -> 10.77.0.2'
wait_until 3 "the replies over IPv6" has_lines 5 "$OUT/six.out" 'fd77::1 -> fd77::2 .*[Rr]eply'
interrupt four
expect_status 0
interrupt six
expect_status 0
expect_count 5 "$OUT/four.out" "^$WHEN - ICMP 10\.77\.0\.2 -> 10\.77\.0\.1 ICMP"
expect_count 5 "$OUT/four.out" "^$WHEN - ICMP 10\.77\.0\.1 -> 10\.77\.0\.2 ICMP"
expect_count 5 "$OUT/six.out" "^$WHEN - ICMPv6 fd77::2 -> fd77::1 ICMPv6 .*[Rr]equest"
