#!/usr/bin/env bash
# Expected: only root has a capture kept in the spool, and users whom the policy allows it. Such a job is found by search
# and by results: while it runs, after the daemon was started again, and when the daemon no longer knows the job. It is
# for its owner and root alone. Stricter terms withhold what was recorded before, and a job ends when "keep" is taken
# away. Users together keep no more than user_bytes and one open segment; who wants all of it costs the others nothing.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

lines() { wc -l <"$OUT/ctl.out"; }
allow() { # MEMBERS_ACTION [MORE_OF_THE_RULE]
    write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop", "filter", "save", "past"$1]
interfaces = ["eth0"]
${2:-}

[[rule]]
user = [${USER_ID[other]}]
actions = ["view", "start", "stop", "filter", "past"]
END
}
start_it() { start_daemon --config "$TEMP/packetsentryd.toml"; }
use_policy() { # RULES
    printf 'policy = "%s"\n[spool]\nuser_bytes = "4MiB"\n' "$POLICY" >"$TEMP/packetsentryd.toml"
    kill -HUP "$DAEMON_PID"
    wait_until 10 "the policy" grep -q "policy: .* is in force, with $1 rules" "$TEMP/daemon.log"
}

# Without a policy, and without the action.
printf '[spool]\nuser_bytes = "4MiB"\n' >"$TEMP/packetsentryd.toml"
start_it
ctl start -d -i eth0 --keep
expect_status 5
expect_one_error "$OUT/ctl.err" "only root may have rows kept in the spool, because no policy file has a rule that allows 'keep'"
ctl policy check
expect_line "$OUT/ctl.out" '^Actions: +view, start, stop, filter, save, past$'
allow ', "keep"'
use_policy 2
CTL_AS=other ctl start -d -i eth0 --keep
expect_status 5
expect_one_error "$OUT/ctl.err" "rule 2 .* does not allow 'save'"
CTL_AS=other ctl start -d -i eth0 --keep rows
expect_one_error "$OUT/ctl.err" "rule 2 .* does not allow 'keep'"
CTL_AS=other ctl policy check start -i eth0 --keep rows
expect_status 5
ctl start -d -i eth0 --keep hosts
expect_status 1
expect_one_error "$OUT/ctl.err" "cannot keep 'hosts': write --keep alone, or packets, rows, flows, dns, http and tls with commas"

# It is kept: in front, saved to a file too, and in the background.
start_capture front start -i eth0 -c 6 -f icmp --keep -o front.pcapng --no-files
ping_a 3
wait_for front
expect_status 0
expect_line "$OUT/front.out" 'Starting capture on eth0 \(filter: icmp\), kept in the spool as job 1$'
expect_equal "packets in the file" 6 "$(tcpdump -nr "$WORK/front.pcapng" 2>/dev/null | wc -l)"
ctl search --job 1 -o found.pcapng
expect_equal "the same packets in the spool" "$(tcpdump -tttt -nr "$WORK/front.pcapng" 2>/dev/null)" \
    "$(tcpdump -tttt -nr "$WORK/found.pcapng" 2>/dev/null)"
ctl start -d -i eth0 --bpf 'udp portrange 1000-1999' --name mine --keep packets:1GiB
expect_status 0
send_numbered 1000 40
has_found() { ctl search --job mine && (($(lines) == $1)); } # ROWS
wait_until 5 "rows of what was sent just now" has_found 40
ctl list
expect_line "$OUT/ctl.out" '^ID .* KEPT +LASTS$'
expect_line "$OUT/ctl.out" "^2 +mine +running .* since $WHEN +-\$"
ctl show mine
expect_line "$OUT/ctl.out" '^Spool: +packets and rows are kept there$'
expect_line "$OUT/ctl.out" '^Packets in the spool: .*since .*; kept at most 1\.0 GiB$'
ctl status
expect_line "$OUT/ctl.out" "^Kept by users: +.* of 4\.0 MiB; yours .*, since $WHEN\$"
CTL_AS=other ctl status
expect_line "$OUT/ctl.out" '^Kept by users: +.* of 4\.0 MiB; yours 0 B$'
for question in 'search --job mine' 'search --job 2' 'results mine' 'results 2' 'show mine'; do
    # shellcheck disable=SC2086
    CTL_AS=other ctl $question
    expect_status 7
done
CTL_AS=other ctl search
expect_equal "rows for another user" 0 "$(lines)"

# It comes back with the daemon. Then the memory has only what came since.
stop_daemon
start_it
wait_until 5 "the job" job_runs mine
send_numbered 1500 20
wait_until 5 "its rows" shows_number mine .ledger.recorded 60
ctl results mine --lines
expect_status 0
expect_equal "rows of both times" 60 "$(lines)"
expect_line "$OUT/ctl.err" 'does not have all of this job, so it is read from the spool$'
expect_line "$OUT/ctl.err" '^60 packets were found in job mine \(kept since '

# Root wants all the space. What the member keeps is within an equal share, and stays.
CTL_AS=root ctl start -d -i eth0 -f icmp --name greedy --keep
expect_status 0
in_b ping -q -n -i 0.01 -c 100 -s 60000 10.77.0.1 >/dev/null
greedy_bytes() { du -cb "$TEMP/state/spool/3"/*.{pcapng,rows} | tail -n 1 | cut -f 1; }
within_limit() { (($(greedy_bytes) <= 4194304 + 1100000)); }
wait_until 15 "the greedy job to be within the limit" within_limit
expect_at_least "what is left of it" 1000000 "$(greedy_bytes)"
CTL_AS=root ctl search --job greedy -o greedy.pcapng
expect_line "$OUT/ctl.err" 'job greedy .* no longer kept'
expect_equal "rows that could not be kept" 0 "$(job_number greedy .ledger.not_kept)"
ctl search --job mine
expect_equal "rows of the member" 60 "$(lines)"
expect_no_line "$OUT/ctl.err" 'no longer kept'

# The daemon forgets a job that has ended, and its rows stay.
ctl stop mine
CTL_AS=root ctl stop greedy
stop_daemon
start_it
ctl list
expect_no_line "$OUT/ctl.out" mine
ctl results mine -Y 'udp.dstport < 1010' --json
expect_status 0
expect_equal "ports" '1000 1001 1002 1003 1004 1005 1006 1007 1008 1009' \
    "$(jq -r .destination.port "$OUT/ctl.out" | tr '\n' ' ' | sed 's/ $//')"
expect_line "$OUT/ctl.err" 'the daemon no longer has this job; what is kept of it is read from the spool$'
ctl results 2
expect_equal "blocks" 60 "$(grep -c '^Summary: ' "$OUT/ctl.out")"
for job in 'm*' nosuch 99; do
    ctl results "$job"
    expect_status 7
    expect_one_error "$OUT/ctl.err" "no such job: '.*'; 'packetsentryctl list' shows the existing jobs"
done
CTL_AS=other ctl results mine
expect_status 7
# The job kept no flows, and its packets are not shown in their place.
ctl results mine --table flows --json
expect_no_line "$OUT/ctl.out" '"captured_bytes"'

# Stricter terms, and none to keep. A job that is kept ends then.
ctl start -d -i eth0 --name more --keep rows
allow '' 'redact = { headers = true }'
reload 'policy: .* is in force, with 2 rules$'
wait_until 5 "the end of the job" job_over more
CTL_AS=root ctl show more
expect_line "$OUT/ctl.out" "^Notice: .* the job ends: rule 1 .* does not allow 'keep'$"
ctl results mine
expect_status 0
expect_equal "rows of looser terms" 0 "$(grep -c '^Summary: ' "$OUT/ctl.out" || true)"
expect_line "$OUT/ctl.err" 'looser|may not see|withheld'

# Its owner removes it. Nobody else does.
CTL_AS=other ctl purge --job mine --before now --yes
expect_status 7
ctl purge --job mine --before now --yes
expect_status 0
expect_line "$OUT/ctl.out" 'with 60 rows .* were removed$'
CTL_AS=root ctl search --job mine
expect_equal "rows that are left" 0 "$(lines)"
expect_line "$OUT/ctl.err" 'no longer kept'
