#!/usr/bin/env bash
# Every kind of descriptor as an output: a regular file on a mounted file system, a pipe or /dev/null, open for writing,
# is taken, and anything else refused before it is used.
# Runs alone: it takes all that a user may have of the machine.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
ctl status
remember_daemon
attack outputs >"$OUT/outputs"
cat "$OUT/outputs"
for what in /dev/zero directory O_PATH "unix socket" "TCP socket" epoll pidfd; do
    expect_line "$OUT/outputs" "^$what: \(3, 'the output (must be a regular file, a pipe or /dev/null|is not open for writing)'\)$"
done
for what in "read-only file" "read end of a pipe"; do
    expect_line "$OUT/outputs" "^$what: \(3, 'the output is not open for writing'\)$"
done
expect_line "$OUT/outputs" "^memfd: \(3, 'the output is in memory, .*\)$"
for what in /dev/null pipe file "append-only file" "FIFO with nobody"; do expect_line "$OUT/outputs" "^$what: taken$"; done
for what in "pipe without a reader" "sealed memfd"; do expect_line "$OUT/outputs" "^$what: (taken|\(3, .*\))$"; done
expect_served "odd outputs"
expect_back "odd outputs" 16384
