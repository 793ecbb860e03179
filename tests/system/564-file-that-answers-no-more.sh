#!/usr/bin/env bash
# An output in a file system of the user's own that takes packets, and then answers no more. Expected: the capture goes
# on. Another filter is refused, as a worker with it would wait for the file before it is ready, and the job keeps the
# one that it has. Nobody else waits meanwhile.
# Runs alone: it takes all that a user may have of the machine.
# Long: 562 and 612 show in every run that nobody waits for a file.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

[[ -c /dev/fuse ]] || skip "there is no /dev/fuse"
start_daemon
start_hung_file 2
wait_until 10 "the capture" job_runs hangs
ping_a 1
wait_until 5 "packets in the file" shows_number hangs .ledger.saved 1
ping_a 3
# Longer than a worker may be silent.
end=$((SECONDS + 12))
while ((SECONDS < end)); do
    expect_quick 1 "requests" expect_served "while a file does not answer" >>"$OUT/served.out"
    sleep 0.5
done
ping_a 1
wait_until 3 "packets of a capture that goes on" shows_number hangs .ledger.recorded 10
expect_equal "restarts" 0 "$(job_number hangs .worker_restarts)"

CTL_AS=root start_ctl change filter hangs --bpf icmp
end=$((SECONDS + 20))
while kill -0 "${PIDS[change]}" 2>/dev/null; do
    ((SECONDS < end)) || fail "waited in vain for the answer"
    expect_quick 1 "requests" expect_served "while a worker is waited for" >>"$OUT/served.out"
    sleep 0.2
done
wait_for change 5
expect_status 9
expect_one_error "$OUT/change.err" 'the worker was not ready within 15 s'
ping_a 1
wait_until 3 "packets after that" shows_number hangs .ledger.recorded 12
expect_quick 30 "requests" expect_served "after that"
kill -KILL "${PIDS[hung]}"
wait "${PIDS[hung]}" 2>/dev/null || true
