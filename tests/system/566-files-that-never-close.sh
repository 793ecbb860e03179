#!/usr/bin/env bash
# Thousands of descriptors that never close, of a file system of its user's own, hundreds at a time on many
# connections: few are taken, that user is sent away, and let in no more until it answers; nobody else waits, files
# of others are closed, and then all is as before.
# Runs alone: it takes all that a user may have of the machine.
# Long: 562 and 564 show in every run that the loop never waits for a file.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

[[ -c /dev/fuse ]] || skip "there is no /dev/fuse"
start_daemon
remember_daemon
start_hung_flood
wait_until 40 "the refusal" grep -q '^refused: 192 files of yours' "$OUT/hung.out"
taken=$(($(daemon_descriptors) - HELD[descriptors]))
echo "$taken descriptors of 12,000 were taken"
((taken < 400)) || fail "$taken descriptors were taken"
(($(refusals descriptors) >= 60)) || fail "60 connections were not refused: $(refusals descriptors)"
ctl list
expect_status 6
expect_line "$OUT/ctl.err" '192 files of yours are open in packetsentryd'
expect_quick 30 "requests" expect_served "while files do not close"
expect_quick 5 "starts" expect_start_of_other
wait_until 5 "the end of its files" files_of_other_are_closed
kill -KILL "${PIDS[hung]}"
wait "${PIDS[hung]}" 2>/dev/null || true
member_is_let_in() { ctl list && ((STATUS == 0)); }
wait_until 10 "the member's return" member_is_let_in
expect_back "the flood"
