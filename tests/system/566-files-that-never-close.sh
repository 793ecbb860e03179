#!/usr/bin/env bash
# Hundreds of descriptors that never close, of a file system of its user's own: that user is sent away, and let
# in no more until it answers; nobody else waits, files of others are closed, and then all is as before.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

[[ -c /dev/fuse ]] || skip "there is no /dev/fuse"
start_daemon
remember_daemon
start_hung_flood
wait_until 20 "the refusal" grep -q '^refused: 64 files of yours' "$OUT/hung.out"
ctl list
expect_status 6
expect_line "$OUT/ctl.err" '64 files of yours are open here'
expect_start() {
    CTL_AS=other ctl start -d -i eth0 --name others -o /dev/shm/others.$$.pcap
    expect_status 0
    CTL_AS=other ctl stop others
    expect_status 0
}
expect_quick 30 "requests" expect_served "while files do not close"
expect_quick 5 "starts" expect_start
rm -f "/dev/shm/others.$$.pcap"
closed() { ! ls -l "/proc/$DAEMON_PID/fd" | grep -q others; }
wait_until 5 "the end of others' files" closed
kill -KILL "${PIDS[hung]}"
wait "${PIDS[hung]}" 2>/dev/null || true
member_is_let_in() { ctl list && ((STATUS == 0)); }
wait_until 10 "the member's return" member_is_let_in
expect_back "the flood"
