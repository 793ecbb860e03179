#!/usr/bin/env bash
# A reload of the policy reaches running jobs: one that is forbidden now ends, one with another filter goes on
# under it with no packet lost or doubled, one whose rule is as it was does not notice. At a restart the policy of then decides.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

rules() { # INTERFACES FILTER
    write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop", "past"]
interfaces = [$1]
filter = "$2"
max_jobs = 2
END
}
in_force='policy: .* is in force, with 1 rule$'

rules '"eth0", "eth1"' 'udp'
start_daemon_with_policy
ctl start -d --name stays -i eth0
expect_status 0
ctl start -d --name goes -i eth1
expect_status 0
ctl start -d -i eth0
expect_status 1
expect_line "$OUT/ctl.err" 'you have 2 jobs running, which is the limit'

reload_narrower() {
    rules '"eth0"' 'udp and dst portrange 2000-9999'
    reload "$in_force"
}
start_ctl follower follow goes
wait_until 5 "the follower" shows_number goes .followers 1
send_numbered 2000 8000 4000 &
sender=$!
sleep 0.5
reload_narrower
wait_until 5 "the end" job_over goes
wait_for follower
expect_line "$OUT/follower.err" "the job ends: rule 1 .* allows the interfaces eth0, not 'eth1'"
wait "$sender"
wait_until 5 "all datagrams" shows_number stays .ledger.recorded 8000
expect_equal "datagrams" 8000 "$(job_number stays .ledger.recorded)"
send_numbered 1000 50
sleep 0.5
expect_equal "datagrams that pass" 8000 "$(job_number stays .ledger.recorded)"
ctl results stays --json
expect_equal "distinct datagrams" 8000 "$(jq -r .destination.port "$OUT/ctl.out" | sort -un | wc -l)"
ctl show stays
expect_line "$OUT/ctl.out" 'the policy has changed: rule 1'

ctl status
expect_line "$OUT/ctl.out" "^Policy: +$POLICY, 1 rule, since $WHEN\$"

# While the daemon was away the policy has come to forbid the job.
stop_daemon
rules '"lo"' 'udp'
start_daemon_with_policy
wait_until 5 "the refusal" job_over stays
ctl show stays
expect_line "$OUT/ctl.out" "the policy does not allow job stays any more: rule 1 .* not 'eth0'"
expect_equal "workers" 0 "$(pgrep -c -P "$DAEMON_PID" || true)"
