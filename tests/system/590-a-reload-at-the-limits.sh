#!/usr/bin/env bash
# A member has all the packet sockets on an interface, and most of the filter instructions, that one user may have. A
# reload that gives all of those jobs other terms ends none of them, and a filter can be made a little shorter.
# Runs alone: it takes all that a user may have of the machine.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"
. "$SUPPORT/rate.sh"

rules() { # BYTES
    write_policy <<POLICY
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop", "filter"]
snaplen = $1
POLICY
}

rules 128
start_daemon_with_policy
for number in 1 2 3 4 5 6 7 8; do
    ctl start -d -i eth0 --bpf "$(long_filter 90)" --name "long$number"
    expect_status 0
done
rules 96
reload 'policy: .* is in force, with 1 rule$'
all_have_other_terms() {
    ctl list --json
    jq -es 'map(select(.state == "running")) | length == 8' "$OUT/ctl.out" >/dev/null || return 1
    for number in 1 2 3 4 5 6 7 8; do job_is_cut "long$number" || return 1; done
}
job_is_cut() { ctl show "$1" && grep -q 'at most 96 bytes' "$OUT/ctl.out"; }
wait_until 20 "the other terms of all eight jobs" all_have_other_terms
expect_no_line "$TEMP/daemon.log" 'it cannot continue under the current policy'

ctl filter long1 --bpf "$(long_filter 85)"
expect_status 0
