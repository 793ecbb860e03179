#!/usr/bin/env bash
# show says why and by whom a job ended, with times, and its notices with theirs; list has those that run first, and
# with --running nothing else; status counts the workers that were killed.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
ctl start -d --name first -i eth0 -f icmp
ctl start -d --name limited -i eth0 -f icmp -c 2
ctl start -d --name timed -i eth0 -f icmp -a duration:1s
ctl start -d --name live -i eth0 -f icmp
ping_a 2
wait_until 5 "the limit" job_over limited
wait_until 5 "the time" job_over timed
CTL_AS=root ctl stop first

ctl show first
expect_line "$OUT/ctl.out" "^Ended: +$WHEN, stopped by root$"
ctl show limited
expect_line "$OUT/ctl.out" "^Ended: +$WHEN: it reached its limit of 2 packets$"
ctl show timed
expect_line "$OUT/ctl.out" "^Ended: +$WHEN: it reached its time limit$"
show_job first | jq -e '.ended_by_uid == 0' >/dev/null || fail "JSON: $(show_job first)"
show_job limited | jq -e '.ended_because == "it reached its limit of 2 packets"' >/dev/null || fail "JSON: $(show_job limited)"

ctl start -d --name last -i eth1 -f icmp
ctl list --no-legend
expect_equal "order of the list" "live last first limited timed" "$(awk '{ print $2 }' "$OUT/ctl.out" | paste -s -d ' ')"
ctl list --no-legend --running
expect_equal "running jobs" "live last" "$(awk '{ print $2 }' "$OUT/ctl.out" | paste -s -d ' ')"
ctl list --json --running
expect_equal "running jobs as JSON" "live last" "$(jq -r .name "$OUT/ctl.out" | paste -s -d ' ')"

# A capture in the foreground whose client is killed.
start_capture capture start -i eth0 -f icmp --name front
kill -KILL "${PIDS[capture]}"
wait_until 5 "its job's end" job_over front
ctl show front
expect_line "$OUT/ctl.out" "^Ended: +$WHEN: the packetsentryctl that it belonged to went away$"

ctl status --json
expect_equal "worker failures" 0 "$(jq .worker_failures "$OUT/ctl.out")"
kill -KILL "$(worker_pid)"
wait_until 10 "its return" shows_number last .worker_restarts 1
wait_until 10 "its return" job_runs last
ctl status --json
expect_equal "worker failures" 1 "$(jq .worker_failures "$OUT/ctl.out")"
ctl show last
expect_line "$OUT/ctl.out" "^Notice: +$WHEN, .*started again in"
