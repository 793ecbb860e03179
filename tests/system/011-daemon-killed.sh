#!/usr/bin/env bash
# SIGKILL of the daemon: its workers end by themselves, the client says so in one line with status 6, and
# what was saved can be read.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
start_capture capture start -i eth0 -f icmp -o saved.pcap
ping_a 20
wait_until 5 "the pings" has_lines 40 "$OUT/capture.out" 'ICMP'
worker=$(worker_pid)
kill -KILL "$DAEMON_PID"
DAEMON_PID=
wait_for capture
expect_status 6
wait_until 5 "the worker's end" process_gone "$worker"
expect_equal "packets in saved.pcap" 40 "$(tcpdump -nr "$WORK/saved.pcap" 2>/dev/null | wc -l)"
expect_count 40 "$(results_file)" '^Summary: ICMP'
