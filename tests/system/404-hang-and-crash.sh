#!/usr/bin/env bash
# A control process that hangs is killed by the watchdog, one that crashes is started again; either way
# the job in the background comes back by itself and goes on saving to its file, and workers are gone.
. "$(dirname "${BASH_SOURCE[0]}")/../support/lab.sh"

lab <<'INSIDE'
# Not in her home, which is an overlay here: none that is not known to be local is kept over a restart.
has_packets() { (($(tcpdump -nr /dev/shm/night.pcap 2>/dev/null | wc -l) == $1)); }
make_users
make_peer
mkdir -p /run/systemd/system/packetsentryd.service.d
printf '[Service]\nWatchdogSec=3\nTimeoutAbortSec=1\n' >/run/systemd/system/packetsentryd.service.d/watchdog.conf
systemctl daemon-reload
systemctl restart packetsentryd
ctl start -d --name night -i eth0 -f dns -o /dev/shm/night.pcap
expect_status 0
ask one.example
wait_until 5 "the rows" has_packets 2

comes_back() { # WHAT ROWS
    wait_until 15 "the return after $1" job_is night '.state == "running"'
    [[ $(main_pid) != "$before" ]] || fail "the same process runs on"
    wait_until 5 "the end of the old worker" test ! -d "/proc/$worker"
    ask "after-$1.example"
    wait_until 5 "packets in the file after $1" has_packets "$2"
}
remember() {
    before=$(main_pid)
    worker=$(pgrep -P "$before")
}

remember
kill -STOP "$before"
comes_back watchdog 4
remember
kill -SEGV "$before"
comes_back crash 6
remember
kill -KILL "$before"
comes_back kill 8

journal -o cat >"$OUT/journal"
expect_count 3 "$OUT/journal" 'job night \(id 1\) goes on: packetsentryd was started again: no packets were captured for about [0-9]+ s before that$'
journalctl --no-pager -q -u packetsentryd | grep 'Watchdog timeout' >/dev/null
expect_equal "state of the unit" active "$(systemctl is-active packetsentryd)"
INSIDE
