#!/usr/bin/env bash
# Hundreds of connections that end with a file unread whose closing is not answered: their user is sent away until it
# is; nobody else waits.
# Runs alone: it takes all that a user may have of the machine.
# Long: 562 and 564 show in every run that the loop never waits for a file.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

[[ -c /dev/fuse ]] || skip "there is no /dev/fuse"
start_daemon
remember_daemon
start_hung_connections 100 1
wait_until 40 "the refusal" grep -q '^done' "$OUT/hung.out"
expect_line "$OUT/hung.out" '^refused: [0-9]* ended connections of yours are still being closed'
taken=$(($(daemon_descriptors) - HELD[descriptors]))
echo "$taken descriptors are taken"
((taken < 100)) || fail "$taken descriptors are taken"
ctl list
expect_status 6
expect_line "$OUT/ctl.err" '[0-9]* ended connections of yours'
expect_quick 30 "requests" expect_served "while connections do not close"
expect_quick 5 "connections" expect_served "while connections do not close"
kill -KILL "${PIDS[hung]}"
wait "${PIDS[hung]}" 2>/dev/null || true
member_is_let_in() { ctl list && ((STATUS == 0)); }
wait_until 10 "the member's return" member_is_let_in
expect_back "connections that do not close"

# As many users do that together: others are refused, root is served; on a kernel before 6.16 new connections wait.
remember_daemon
start_hung_connections 100 8
refused() {
    grep -q 'connections to packetsentryd are still being closed' "$OUT/hung.out" ||
        grep -q 'connections are being closed, which takes long; new connections wait' "$TEMP/daemon.log"
}
wait_until 40 "the limit" refused
if grep -q 'to packetsentryd are still' "$OUT/hung.out"; then
    CTL_AS=root ctl list
    expect_status 0
    CTL_AS=other ctl list
    expect_status 6
fi
taken=$(($(daemon_descriptors) - HELD[descriptors]))
echo "$taken descriptors are taken"
((taken < 700)) || fail "$taken descriptors are taken"
kill -KILL "${PIDS[hung]}"
wait "${PIDS[hung]}" 2>/dev/null || true
wait_until 10 "the member's return" member_is_let_in
expect_back "connections of many that do not close" 16384
