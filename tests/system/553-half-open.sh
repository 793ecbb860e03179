#!/usr/bin/env bash
# Connections that say nothing, half of something, or a byte a second are closed with the reason; who has said hello may be silent.
# Runs alone: it takes all that a user may have of the machine.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
remember_daemon
(attack half_open 10 20 >"$OUT/half.out") &
PIDS[half]=$!
sleep 2
expect_served "half-open connections"
wait_for half 30
expect_status 0
cat "$OUT/half.out"
expect_equal "without hello" 2 "$(refusals greeting)"
expect_equal "messages not completed" 3 "$(refusals slow_message)"
expect_line "$TEMP/daemon.log" 'uid 65534 was disconnected: no hello came within 10 s'
expect_line "$TEMP/daemon.log" 'uid 65534 was disconnected: a message was not completed within 10 s'
expect_back "half-open connections"
