#!/usr/bin/env bash
# One who may only look sees and follows all jobs, and neither starts, stops, filters, renews nor reads what
# was before; a member whom no rule names is allowed nothing, and can ask why.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view"]
jobs = "all"
END
start_daemon_with_policy

CTL_AS=root ctl start -d --name theirs -i eth0 -f icmp
expect_status 0
ping_a 5
wait_until 5 "the pings" shows_number theirs .ledger.recorded 10

ctl list
expect_line "$OUT/ctl.out" theirs
ctl show theirs
expect_status 0
start_ctl follower follow theirs --json
wait_until 5 "the follower" shows_number theirs .followers 1
ping_a 5
wait_until 5 "ten new rows" has_lines 10 "$OUT/follower.out" icmp
interrupt follower
expect_equal "rows followed" 10 "$(wc -l <"$OUT/follower.out")"

refused() { # ACTION ARGUMENTS…
    local action=$1
    shift
    ctl "$@"
    expect_status 5
    expect_one_error "$OUT/ctl.err" "rule 1 \($POLICY:1\) does not allow '$action'; 'packetsentryctl policy check'"
}
refused past results theirs
refused past follow theirs --from-start
refused start start -i eth0
refused start start -d -i eth0
refused start renew theirs
refused stop stop theirs
refused filter filter theirs -f dns
job_runs theirs || fail "the job was stopped"

for command in list 'start -i eth0' 'show theirs' 'stop theirs'; do
    # shellcheck disable=SC2086
    CTL_AS=other ctl $command
    expect_status 5
    expect_line "$OUT/ctl.err" "no rule in $POLICY applies to you"
done
CTL_AS=other ctl status
expect_status 0

# Who is allowed no longer gets no more.
start_ctl follower follow theirs
wait_until 5 "the follower" shows_number theirs .followers 1
write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view"]
END
reload 'policy: .* is in force, with 1 rule$'
wait_for follower
expect_status 5
expect_line "$OUT/follower.err" "you may no longer follow job theirs: rule 1 \($POLICY:1\) allows this only for a user's own jobs"
job_runs theirs || fail "the job ended"
