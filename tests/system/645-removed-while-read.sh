#!/usr/bin/env bash
# Expected: a question that holds a segment which was removed is ended after a minute, and says so; the space that the
# segment took is free then, and not before.
# Long: it takes more than a minute.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

jobs="$TEMP/jobs"
mkdir -m 0755 "$jobs"
printf 'interface = ["eth0"]\nfilter = { protocol = ["udp"] }\nreaders = { groups = ["%s"] }\n[keep.packets]\nage = "1d"\n' \
    "$SOCKET_GROUP" >"$jobs/lab.toml"
runs() { ctl list --json && jq -es 'any(.state == "running")' "$OUT/ctl.out" >/dev/null; }
start_lab() {
    start_daemon --jobs-dir "$jobs"
    wait_until 5 "the job" runs
}
start_lab
send_numbered 2000 60000
wait_until 10 "the rows" shows_number 1 .ledger.recorded 60000
stop_daemon
start_lab
as_user member
(exec "${AS[@]}" PYTHONPATH="$SUPPORT" PYTHONDONTWRITEBYTECODE=1 python3 "$SUPPORT/questions.py" 1 "$WORK/never") \
    >"$OUT/held.out" 2>"$OUT/held.err" &
PIDS[held]=$!
wait_until 10 "the question" has_lines 1 "$OUT/held.out" '^asked$'
CTL_AS=root ctl purge --job lab --before now --yes
expect_status 0
held() { [[ -n $(find /proc/[0-9]*/fd -lname "$TEMP/state/spool/1/*(deleted)" 2>/dev/null) ]]; }
free() { ! held; }
held || fail "nothing that was removed is held"
sleep 50
held || fail "the question was ended too early"
wait_for held 25
expect_line "$OUT/held.out" '^read [0-9]+ rows, 8 the search was ended, because a part of what it read was removed from the spool more than 60 s ago'
wait_until 3 "the space to be free" free
