#!/usr/bin/env bash
# A job ends when its lifetime is over, unless it is renewed; list and show tell when; followers and the log are
# told; a restart of the daemon gives no more time.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop", "filter", "past"]
lifetime = "8s"
END
start_daemon_with_policy

ctl start -d --name short -i eth0 -f icmp
expect_status 0
expect_line "$OUT/ctl.err" 'ends after 8 s unless renewed'
ctl start -d --name renewed -i eth0 -f icmp
begin=$SECONDS
ctl list
expect_line "$OUT/ctl.out" 'EXPIRES$'
ctl show short
expect_line "$OUT/ctl.out" "^Ends: *$WHEN, unless renewed$"
start_ctl follower follow short
CTL_AS=other ctl renew short
expect_status 5
sleep 4
ctl renew renewed
expect_status 0
expect_line "$OUT/ctl.out" "^job 2 ends $WHEN, unless renewed$"
stop_daemon
wait_for follower
restarted=$SECONDS
start_daemon_with_policy
wait_until 5 "the job's return" job_runs short
start_ctl follower follow short

wait_until 14 "the end" job_over short
expect_at_least "seconds until it ended" 7 $((SECONDS - begin))
((SECONDS - restarted <= 7)) || fail "the restart gave it more time: it ended $((SECONDS - restarted)) s afterwards"
wait_for follower
expect_line "$OUT/follower.err" 'the job ends: its lifetime is over, and nobody renewed it'
expect_line "$TEMP/daemon.log" 'job short \(id 1\) ends: its lifetime is over'
ctl renew short
expect_status 1
wait_until 8 "the other's end" job_over renewed
expect_at_least "seconds of the renewed one" 11 $((SECONDS - begin))
CTL_AS=root ctl start -d --name root -i eth0
CTL_AS=root ctl renew root
expect_line "$OUT/ctl.out" 'is not limited in time by the policy'
