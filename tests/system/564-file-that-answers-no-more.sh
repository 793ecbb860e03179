#!/usr/bin/env bash
# An output in a file system of the user's own that takes packets, then one more after the worker that waits for it
# was given up, and then answers no more: nobody else waits, neither at the end of that worker nor for the next.
# Runs alone: it takes all that a user may have of the machine.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

[[ -c /dev/fuse ]] || skip "there is no /dev/fuse"
start_daemon
start_hung_file 2
wait_until 10 "the capture" job_runs hangs
ping_a 1
wait_until 5 "packets in the file" shows_number hangs .ledger.saved 1
ping_a 1
end=$((SECONDS + 25))
until shows_number hangs .worker_restarts 1; do
    ((SECONDS < end)) || fail "waited in vain for the end of the worker"
    expect_quick 1 "requests" expect_served "while a file does not answer" >>"$OUT/served.out"
    sleep 0.2
done
expect_line "$TEMP/daemon.log" 'job hangs .* waits: the worker was silent for 10 s'
sleep 1
expect_quick 30 "requests" expect_served "when the next worker has begun"
kill -KILL "${PIDS[hung]}"
wait "${PIDS[hung]}" 2>/dev/null || true
