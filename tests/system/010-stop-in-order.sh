#!/usr/bin/env bash
# SIGTERM of the daemon: captures end, files are whole, clients are told, workers are gone, status 0.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
start_capture capture start -i eth0 -f icmp -o saved.pcap
ctl start -d --name behind -i eth0 -f icmp -o behind.pcapng
expect_status 0
ping_a 20
wait_until 5 "the pings" has_lines 40 "$OUT/capture.out" 'ICMP'
workers=$(pgrep -P "$DAEMON_PID")
expect_equal "workers" 2 "$(wc -w <<<"$workers")"

stop_daemon
expect_status 0
for worker in $workers; do
    wait_until 2 "the end of worker $worker" process_gone "$worker"
done
wait_for capture
expect_status 6
expect_line "$OUT/capture.err" 'packetsentryd was stopped or restarted, and job 1 ended with it'
[[ ! -e $SOCKET ]] || fail "the daemon left its socket behind"
expect_equal "packets in saved.pcap" 40 "$(tcpdump -nr "$WORK/saved.pcap" 2>/dev/null | wc -l)"
expect_equal "packets in behind.pcapng" 40 "$(tcpdump -nr "$WORK/behind.pcapng" 2>/dev/null | wc -l)"
[[ -n $(results_file) ]] || fail "no results of the capture that the daemon ended"
