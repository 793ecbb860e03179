#!/usr/bin/env bash
# A job in the background comes back when the daemon is started again, stopped or killed before: same id,
# owner, filter; it goes on counting; the time between is told. One in the foreground does not.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
ctl start -d --name night -i eth0 -f icmp
expect_status 0
ctl start -d --name saving -i eth0 -f icmp -o saved.pcap
expect_status 0
start_capture front start -i eth0 -f icmp
ping_a 5
wait_until 5 "the pings" shows_number night .ledger.recorded 10

stop_daemon
wait_for front
ping_a 3
start_daemon
wait_until 5 "the job's return" job_runs night
ping_a 5
wait_until 5 "ten more rows" shows_number night .ledger.recorded 20
expect_equal "rows" 20 "$(job_number night .ledger.recorded)"
expect_equal "owner" "${USER_ID[member]}" "$(job_number night .owner_uid)"
expect_equal "id" 1 "$(job_number night .id)"
show_job night >"$OUT/show.out"
expect_line "$OUT/show.out" 'packetsentryd was started again: no packets were captured for about [0-9]+ s before that'
ctl list
expect_no_line "$OUT/ctl.out" 'front'

# Without a service manager nobody keeps the file's descriptor: told, not silent.
show_job saving >"$OUT/saving.out"
expect_line "$OUT/saving.out" 'the output file did not stay open when packetsentryd restarted'
expect_equal "packets in saved.pcap" 10 "$(tcpdump -nr "$WORK/saved.pcap" 2>/dev/null | wc -l)"

kill -KILL "$DAEMON_PID"
wait_for_pid "$DAEMON_PID" 5
start_daemon
wait_until 5 "the job's return" job_runs night
ping_a 5
wait_until 5 "the next rows" shows_number night .ledger.recorded 20
ctl results night --json
expect_status 0
ctl stop night
expect_status 0
ctl stop saving
expect_status 3
expect_one_error "$OUT/ctl.err" '10 of [0-9]+ packets of job 2 were saved to .*saved.pcap.*did not stay open when packetsentryd restarted'
stop_daemon
start_daemon
ctl list --no-legend
expect_equal "jobs after all were stopped" "" "$(cat "$OUT/ctl.out")"
