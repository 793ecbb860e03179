#!/usr/bin/env bash
# The daemon is stopped or restarted under a capture in the foreground and under a follower: neither takes what it
# has for all that it waited for. Status 6, and the reason on standard error; what came is whole.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
ctl start -d --name night -i eth0 -f icmp
start_capture capture -i eth0 -f icmp -c 100000 -o saved.pcap
start_capture done -i eth0 -f icmp -c 4
start_ctl follow follow night --from-start
ping_a 5
wait_until 5 "the pings" has_lines 10 "$OUT/capture.out" 'ICMP'
wait_until 5 "the followed pings" has_lines 10 "$OUT/follow.out" 'ICMP'
wait_for done
expect_status 0
stop_daemon
wait_for capture
expect_status 6
expect_line "$OUT/capture.err" 'packetsentryd was stopped or restarted, and job [0-9]+ ended with it'
expect_equal "packets in saved.pcap" 10 "$(tcpdump -nr "$WORK/saved.pcap" 2>/dev/null | wc -l)"
wait_for follow
expect_status 6
expect_line "$OUT/follow.err" 'packetsentryd was stopped or restarted; job night goes on when packetsentryd runs again'

# Whoever ends it is no stop of the daemon.
start_daemon
wait_until 5 "the job's return" job_runs night
start_capture capture -i eth0 -f icmp
start_ctl follow follow night
interrupt capture
expect_status 0
ctl stop night
wait_for follow
expect_status 0
