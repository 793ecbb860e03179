#!/usr/bin/env bash
# -o - puts the packets on standard output alone, fit for a pipe into tcpdump, as they come.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
mkfifo "$TEMP/pipe"
tcpdump -l -nr "$TEMP/pipe" >"$OUT/tcpdump.out" 2>"$OUT/tcpdump.err" &
reader=$!
as_user member
(cd "$WORK" && exec "${AS[@]}" packetsentryctl start -i eth0 -f icmp -c 10 -o -) >"$TEMP/pipe" 2>"$OUT/client.err" </dev/null &
PIDS[client]=$!
wait_until 10 "the capture" job_runs 1
ping_a 5
wait_for client
expect_status 0
wait_for_pid "$reader" 5
expect_status 0
expect_count 10 "$OUT/tcpdump.out" ' ICMP echo re(quest|ply)'
