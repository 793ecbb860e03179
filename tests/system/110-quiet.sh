#!/usr/bin/env bash
# -q: nothing on the terminal's standard output, everything in the log, results written all the same.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
start_ctl capture start -i eth0 -f icmp -c 6 -q --name quiet
wait_until 10 "the capture" job_runs quiet
ping_a 3
wait_for capture
expect_status 0
expect_equal "bytes on standard output" 0 "$(stat -c %s "$OUT/capture.out")"
expect_count 6 "$WORK/packetsentry.log" "^$WHEN - ICMP "
expect_count 1 "$WORK/packetsentry.log" "^$WHEN - Starting capture on eth0 \(filter: icmp\)$"
expect_count 6 "$(results_file)" '^Summary: ICMP'
