#!/usr/bin/env bash
# A worker that has been taken over says what is valid, as fast as it is taken: floods of notices and reports
# end it, after few lines of the log, and it is followed by another; with rows it keeps no other user waiting.
# Runs alone: it measures a rate.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

use_worker taken-over
start_daemon

for what in notices reports; do
    ctl start -d -i eth0 --bpf "udp port 7" --name "$what"
    expect_status 0
    order_attack flood "$what"
    wait_until 10 "the end of the flood of $what" shows_number "$what" .worker_restarts 1
    wait_until 10 "the next worker" job_runs "$what"
    expect_count 1 "$TEMP/daemon.log" "job $what .* waits: the worker broke its protocol: it sent a flood of $what; it is started"
    ctl stop "$what"
    expect_status 0
done
lines=$(count_lines "$TEMP/daemon.log" 'one of a flood')
((lines <= 12)) || fail "$lines lines of the log are from the flood"

for i in 1 2 3 4; do
    ctl start -d -i eth0 --bpf "udp port 7" --name "rows$i"
    expect_status 0
done
order_attack flood rows
wait_until 10 "the flood of rows" shows_number rows4 .ledger.recorded 10000
expect_quick 30 "requests" expect_served "while four workers flood"
measure_latency 2 | tee "$OUT/latency"
awk '$4 > 200 { exit 1 }' "$OUT/latency" || fail "p99 of another's requests: $(cat "$OUT/latency")"
