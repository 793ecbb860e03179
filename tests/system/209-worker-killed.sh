#!/usr/bin/env bash
# A worker is killed: one clear line and status 9 for its client, what was captured is there, other jobs go on.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
ctl start -d -i eth0 -f icmp --name other
start_capture capture start -i eth0 -f icmp --name victim
ping_a 5
wait_until 3 "the pings" has_lines 10 "$OUT/capture.out" 'ICMP'
kill -KILL "$(worker_pid)"
wait_for capture
expect_status 9
expect_count 1 "$OUT/capture.err" 'worker'
expect_count 10 "$(results_file)" '^Summary: ICMP'
ctl results victim
expect_count 10 "$OUT/ctl.out" '( - ICMP |^Summary: ICMP)'
ping_a 1
wait_until 3 "the other job's count" shows_number other .ledger.recorded 12
job_runs other || fail "the other job ended too"
