#!/usr/bin/env bash
# With the socket alone, the Tab key does not bring the daemon up, and the first command brings the daemon up; what it started is there afterwards.
. "$(dirname "${BASH_SOURCE[0]}")/../support/lab.sh"

lab <<'INSIDE'
make_users
make_peer
systemctl stop packetsentryd.service packetsentryd.socket
systemctl start packetsentryd.socket
! systemctl is-active --quiet packetsentryd.service || fail "the daemon runs before anybody asked for it"
for words in "show" "stop" "start -i"; do
    # shellcheck disable=SC2086
    ctl complete -- $words ''
    expect_status 0
    expect_equal "candidates for '$words'" "" "$(cat "$OUT/ctl.out")"
done
! systemctl is-active --quiet packetsentryd.service || fail "completion brought the daemon up"
ctl start -d --name on-demand -i eth0 -f dns
expect_status 0
systemctl is-active --quiet packetsentryd.service
ask one.example
wait_until 5 "the rows" job_is on-demand '.ledger.recorded >= 2'
ctl complete -- show o
expect_equal "candidates while it runs" on-demand "$(cut -f 1 "$OUT/ctl.out")"
journal -o cat >"$OUT/journal"
expect_line "$OUT/journal" "listens on /run/packetsentry/control.sock \(systemd's socket\)"
INSIDE
