#!/usr/bin/env bash
# -d leaves a job running and prints its id; list, show, follow, results and stop find it by id, by name
# and by a unique prefix of it.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
ctl start -d -i eth0 -f icmp --name pings
expect_status 0
id=$(cat "$OUT/ctl.out")
[[ $id =~ ^[0-9a-z]+$ ]] || fail "start -d printed '$id', not an id"
ctl start -d -i eth1 --name other
expect_status 0
wait_until 10 "the job" job_runs pings
ping_a 4

ctl list
expect_status 0
expect_line "$OUT/ctl.out" "(^|[[:space:]])${id}[[:space:]].*pings"
expect_line "$OUT/ctl.out" "other"
for job in "$id" pings pin; do
    ctl show "$job"
    expect_status 0
    expect_line "$OUT/ctl.out" "icmp"
    expect_line "$OUT/ctl.out" "pings"
done
wait_until 3 "eight packets in show" shows_number pings .ledger.received 8

start_ctl follow follow pings --from-start
wait_until 3 "the followed packets" has_lines 8 "$OUT/follow.out" 'ICMP'
ping_a 1
wait_until 3 "a new packet" has_lines 10 "$OUT/follow.out" 'ICMP'
interrupt follow
job_runs pings || fail "the end of a follower ended the job"

ctl stop pings
expect_status 0
ctl results pings
expect_status 0
# The words of the summaries, in the lines or in the blocks, ten of them.
expect_count 10 "$OUT/ctl.out" '( - ICMP |^Summary: ICMP)'
ctl show nonsense
expect_status 7
expect_one_error "$OUT/ctl.err" nonsense
ctl stop --all
expect_status 0
ctl stop pings-is-long-gone
expect_status 7
