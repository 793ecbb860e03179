#!/usr/bin/env bash
# An output whose closing is not answered, and a worker for each change of the filter that is given a copy of it: the
# daemon's own copies hold nobody else's files open.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

[[ -c /dev/fuse ]] || skip "there is no /dev/fuse"
start_daemon
remember_daemon
start_hung_changes 36
wait_until 40 "the changes" grep -q '^changed' "$OUT/hung.out"
expect_start() {
    CTL_AS=other ctl start -d -i eth0 --name others -o /dev/shm/others.$$.pcap
    expect_status 0
    CTL_AS=other ctl stop others
    expect_status 0
}
expect_quick 30 "requests" expect_served "while copies do not close"
expect_quick 5 "starts" expect_start
rm -f "/dev/shm/others.$$.pcap"
closed() { [[ -z $(find "/proc/$DAEMON_PID/fd" -lname '*others*') ]]; }
wait_until 5 "the end of others' files" closed
# Nor are others refused, whose own closing goes on.
ATTACK_AS=other attack unwanted 500
expect_served "descriptors not wanted"
kill -KILL "${PIDS[hung]}"
wait "${PIDS[hung]}" 2>/dev/null || true
no_workers() {
    ctl stop --all
    [[ -z $(worker_pid) ]]
}
wait_until 20 "its job to end" no_workers
expect_back "copies that do not close" 16384
