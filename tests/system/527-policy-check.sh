#!/usr/bin/env bash
# "policy check" tells verdict, rule and terms as they would be, for oneself, and for root of anybody; it starts
# nothing, and tells nobody of jobs they cannot see.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_policy <<END
# Comment
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop"]
interfaces = ["eth*"]
filter = "net 10.0.0.0/8"
snaplen = 96
max_jobs = 3
max_rate = 1000
max_bytes = "1MiB"
lifetime = "24h"
redact = { payload = 16, addresses = true }
END
start_daemon_with_policy

ctl policy check start -i eth0
expect_status 0
expect_line "$OUT/ctl.out" '^Verdict: +allowed$'
expect_line "$OUT/ctl.out" "^Rule: +rule 1 \($POLICY:2\)$"
expect_line "$OUT/ctl.out" '^Required filter: +net 10.0.0.0/8$'
expect_line "$OUT/ctl.out" '^Of each packet: +at most 96 bytes$'
expect_line "$OUT/ctl.out" '^Redacted: +addresses masked, headers only$'
expect_line "$OUT/ctl.out" '^Rate limit: +1000 packets/s$'
expect_line "$OUT/ctl.out" '^Saved at most: +1.0 MiB$'
expect_line "$OUT/ctl.out" '^Running jobs: +at most 3$'
expect_line "$OUT/ctl.out" '^Lifetime: +1 d 00:00:00 without'
ctl policy check start -i lo
expect_status 5
expect_line "$OUT/ctl.out" '^Verdict: +refused$'
expect_line "$OUT/ctl.out" "allows the interfaces eth\*, not 'lo'"
expect_equal "standard error" '' "$(cat "$OUT/ctl.err")"
ctl policy check start -i eth0 -o x.pcap --json
expect_status 5
jq -e '.verdict == "refused" and (.reason | test("does not allow .save.")) and (has("required_filter") | not)' \
    "$OUT/ctl.out" >/dev/null || fail "JSON: $(cat "$OUT/ctl.out")"
[[ ! -e $WORK/x.pcap ]] || fail "the file was made"
ctl policy check --json
expect_status 0
jq -e '.actions == ["view", "start", "stop"] and .interfaces == ["eth*"] and .all_jobs == false and .max_jobs == 3
    and .lifetime_seconds == 86400 and .redacted == "addresses masked, headers only"' "$OUT/ctl.out" >/dev/null ||
    fail "JSON: $(cat "$OUT/ctl.out")"

# Status tells which policy is in force, doctor whose rule is one's own.
ctl status
expect_line "$OUT/ctl.out" "^Policy: +$POLICY, 1 rule, since $WHEN\$"
ctl status --json
jq -e ".policy.file == \"$POLICY\" and .policy.rules == 1 and .policy.since != null" "$OUT/ctl.out" >/dev/null ||
    fail "JSON: $(cat "$OUT/ctl.out")"
ctl doctor
expect_status 0
expect_line "$OUT/ctl.out" "^ok +policy +rule 1 \($POLICY:2\) applies to you: view, start, stop; on eth\*; jobs of your own; required filter net"
CTL_AS=root ctl doctor
expect_line "$OUT/ctl.out" "^ok +policy +no rule in $POLICY limits root\$"
CTL_AS=other ctl doctor
expect_status 5
expect_line "$OUT/ctl.out" "^FAIL +policy +no rule in $POLICY applies to you\$"
CTL_AS=other ctl doctor --json
jq -es "map(select(.result == \"fail\")) | length == 1 and .[0].check == \"policy\"" "$OUT/ctl.out" >/dev/null ||
    fail "JSON: $(cat "$OUT/ctl.out")"

# Others: only root asks, and nobody learns that a job is there.
ctl policy check --user root start -i eth0
expect_status 5
expect_one_error "$OUT/ctl.err" 'only root may ask'
CTL_AS=root ctl policy check --user bin start -i eth0
expect_status 5
expect_line "$OUT/ctl.out" "^Reason: +bin is not in group $SOCKET_GROUP; 'sudo usermod -aG $SOCKET_GROUP bin', then let bin log in again$"
CTL_AS=root ctl policy check
expect_status 0
expect_line "$OUT/ctl.out" '^Rule: +root$'
CTL_AS=root ctl start -d --name secret -i eth0
ctl policy check show secret
expect_status 7
cp "$OUT/ctl.err" "$OUT/secret.err"
ctl policy check show absent
expect_status 7
expect_equal "the answers" "$(sed s/secret/X/ "$OUT/secret.err")" "$(sed s/absent/X/ "$OUT/ctl.err")"
CTL_AS=other ctl policy check
expect_status 5
expect_line "$OUT/ctl.out" "no rule in $POLICY applies to you"
ctl start -d --name mine -i eth0
ctl policy check stop mine
expect_status 0
ctl policy check results mine
expect_status 5
expect_equal "jobs" 2 "$(as_user root; "${AS[@]}" packetsentryctl list --no-legend | wc -l)"
for words in '' 'chek' 'check fly' 'check start' 'check stop' 'check start x -i eth0'; do
    # shellcheck disable=SC2086
    ctl policy $words
    expect_status 1
done
