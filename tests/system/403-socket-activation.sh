#!/usr/bin/env bash
# With the socket alone, the first command brings the daemon up; what it started is there afterwards.
. "$(dirname "${BASH_SOURCE[0]}")/../support/lab.sh"

lab <<'INSIDE'
make_users
make_peer
systemctl stop packetsentryd.service packetsentryd.socket
systemctl start packetsentryd.socket
! systemctl is-active --quiet packetsentryd.service
ctl start -d --name on-demand -i eth0 -f dns
expect_status 0
systemctl is-active --quiet packetsentryd.service
ask one.example
wait_until 5 "the rows" job_is on-demand '.ledger.recorded >= 2'
journal -o cat >"$OUT/journal"
expect_line "$OUT/journal" "listens on /run/packetsentry/control.sock \(systemd's socket\)"
INSIDE
