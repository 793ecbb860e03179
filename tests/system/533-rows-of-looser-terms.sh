#!/usr/bin/env bash
# Who may see of others' jobs no more than a filter passes, sees no more when a reload takes the filter from a job they
# follow, and not what was recorded without it once the job has it again; owner and root do.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

FILTER='udp and dst portrange 2000-2999'
rules() { # TERMS_OF_THE_OWNER
    write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop", "past"]
$1

[[rule]]
user = [${USER_ID[other]}]
actions = ["view", "past"]
jobs = "all"
filter = "$FILTER"
END
    reload 'policy: .* is in force, with 2 rules$'
}
told() { show_job watched | jq -e --arg text "$1" '.notices | any(contains($text))' >/dev/null; }
recorded() { shows_number watched .ledger.recorded "$1"; }
ports() { jq -r 'select(.destination.port) | .destination.port' "$1" | sort -un | sed -n '1p;$p' | xargs; }

: >"$POLICY"
start_daemon_with_policy
rules "filter = \"$FILTER\""
ctl start -d --name watched -i eth0
expect_status 0
CTL_AS=other start_ctl onlooker follow watched --json
wait_until 5 "the onlooker" shows_number watched .followers 1
send_numbered 2000 50
wait_until 5 "the onlooker's rows" has_lines 50 "$OUT/onlooker.out" destination

rules ''
wait_until 5 "the job without a filter" told 'it no longer limits this job'
send_numbered 5000 50
wait_until 5 "more rows" recorded 100
wait_for onlooker
expect_equal "status of the onlooker" 5 "$STATUS"
expect_line "$OUT/onlooker.err" 'you may no longer follow job watched: rule 2 .* lets users see less of each packet than the job'
expect_equal "what the onlooker saw" '2000 2049' "$(ports "$OUT/onlooker.out")"
CTL_AS=other ctl results watched --json
expect_status 5

rules "filter = \"$FILTER\""
wait_until 5 "the job with its filter" told "rule 1 ($POLICY:1): only"
send_numbered 2100 50
wait_until 5 "the last rows" recorded 150
CTL_AS=other ctl results watched --json
expect_status 0
expect_equal "what the onlooker sees of the past" '2100 2149' "$(ports "$OUT/ctl.out")"
expect_equal "its rows" 50 "$(count_lines "$OUT/ctl.out" destination)"
for user in member root; do
    CTL_AS=$user ctl results watched --json
    expect_equal "what $user sees" '2000 5049' "$(ports "$OUT/ctl.out")"
done
