#!/usr/bin/env bash
# A foreground client is killed: its capture ends, the file is whole, its results can still be fetched.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
ctl start -d -i eth1 --name other
start_capture capture start -i eth0 -f icmp --name orphan -o saved.pcap
ping_a 5
wait_until 3 "the pings" has_lines 10 "$OUT/capture.out" 'ICMP'
kill -KILL "${PIDS[capture]}"
wait_until 3 "the job's end" job_over orphan
ctl results orphan
expect_status 0
expect_count 10 "$OUT/ctl.out" '( - ICMP |^Summary: ICMP)'
expect_equal "packets saved" 10 "$(tcpdump -nr "$WORK/saved.pcap" 2>/dev/null | wc -l)"
job_runs other || fail "the other job ended too"
expect_equal "workers" 1 "$(pgrep -c -P "$DAEMON_PID")"
