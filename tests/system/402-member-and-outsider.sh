#!/usr/bin/env bash
# systemctl start; a member sees real queries as they happen, with no sudo; an outsider gets one line that
# says how to be let in; without a daemon and its socket there is one line that says how to start it.
. "$(dirname "${BASH_SOURCE[0]}")/../support/lab.sh"

lab <<'INSIDE'
make_users
make_peer
systemctl start packetsentryd
as alice packetsentryctl start -i eth0 -f dns >"$OUT/capture.out" 2>"$OUT/capture.err" &
wait_until 10 "the capture" has_lines 1 "$OUT/capture.out" 'Starting capture on eth0'
ask one.example
ask two.example
wait_until 5 "the queries" has_lines 2 "$OUT/capture.out" ' - DNS 10\.77\.0\.1 -> 10\.77\.0\.2 DNS (one|two)\.example A$'
pkill -INT -u alice -x packetsentryctl
wait_until 5 "its end" has_lines 1 "$OUT/capture.out" 'Results saved to '
expect_count 2 "$OUT/capture.out" ' DNS (one|two)\.example A NOERROR 192\.0\.2\.7$'
expect_equal "owner of the results" alice "$(stat -c %U /home/alice/packetsentry_results_*.txt)"

CTL_AS=mallory ctl start -i eth0
expect_status 5
expect_one_error "$OUT/ctl.err" "you \(mallory\) are not in group packetsentry: 'sudo adduser mallory packetsentry', then log in again"

systemctl stop packetsentryd.socket packetsentryd.service
[[ ! -e /run/packetsentry/control.sock ]] || fail "the socket is left behind"
ctl list
expect_status 6
expect_one_error "$OUT/ctl.err" "start it with 'sudo systemctl start packetsentryd.socket'"
systemctl start packetsentryd.socket
ctl list
expect_status 0
INSIDE
