#!/usr/bin/env bash
# Who reads a job from its first row on, and is not yet where it was when they asked, gets no more of it once the
# policy has taken "past" away; who has caught up goes on.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

allow() { # ACTIONS
    write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = [$1]
END
}

allow '"view", "start", "stop", "filter", "past"'
start_daemon_with_policy
ctl start -d --name long -i eth0 -f udp
expect_status 0
# More rows than wait for a client that takes none.
write_capture "$TEMP/many.pcap" 60000
in_b tcpreplay -q --preload-pcap --mbps=40 -i eth0 "$TEMP/many.pcap" >"$OUT/tcpreplay.out" 2>&1
wait_until 20 "the rows" shows_number long .ledger.recorded 40000

as_user member
("${AS[@]}" PYTHONPATH="$SUPPORT" PYTHONDONTWRITEBYTECODE=1 python3 "$SUPPORT/late_reader.py" long "$WORK/sign") \
    >"$OUT/late.out" 2>&1 &
PIDS[late]=$!
start_ctl prompt follow long --from-start --json
wait_until 10 "both readers" shows_number long .followers 2
wait_until 20 "the prompt one's rows" has_lines 40000 "$OUT/prompt.out" sequence
allow '"view", "start", "stop", "filter"'
reload 'policy: .* is in force, with 1 rule$'
touch "$WORK/sign"
wait_for late
expect_line "$OUT/late.out" "error: you may no longer follow job long: rule 1 \\($POLICY:1\\) does not allow 'past'"

send_numbered 2000 50
wait_until 5 "new rows" has_lines 40050 "$OUT/prompt.out" sequence
interrupt prompt
