#!/usr/bin/env bash
# Expected: a question that waits for its answer while the filter of its job is changed is one row, with the time from
# when it was asked, as the client has measured it. A policy whose terms become stricter ends it instead.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

# A name server that answers one question, when it is told to.
serve_late() {
    rm -f "$TEMP/answer" "$TEMP/late.out"
    mkfifo "$TEMP/answer"
    in_a python3 -c '
import socket, sys
late = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
late.bind(("10.77.0.1", 53))
print("ready", flush=True)
asked, client = late.recvfrom(512)
print("asked", flush=True)
open(sys.argv[1]).read()
end = asked.index(0, 12) + 5
head = asked[:2] + bytes.fromhex("8180 0001 0001 0000 0000")
late.sendto(head + asked[12:end] + bytes.fromhex("c00c 0001 0001 0000003c 0004 c0000207"), client)' \
        "$TEMP/answer" >"$TEMP/late.out" 2>&1 </dev/null &
    wait_until 10 "the name server" grep -q ready "$TEMP/late.out"
}
ask_late() { # NAME
    in_b dig +time=9 +tries=1 +noedns @10.77.0.1 "$1" >"$TEMP/dig.out" 2>&1 </dev/null &
    PIDS[dig]=$!
    wait_until 5 "the question" grep -q asked "$TEMP/late.out"
}
answer() {
    echo >"$TEMP/answer"
    wait_for_pid "${PIDS[dig]}" 5
    expect_line "$TEMP/dig.out" 'IN.*A.*192\.0\.2\.7$'
}
rows_of() { wc -l <"$OUT/asked.out"; }
has_rows() { (($(rows_of) == $1)); }

write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop", "save", "filter"]
END
start_daemon_with_policy
start_ctl asked start -i eth0 --table dns --json --name asked --no-files
wait_until 10 "the capture" job_runs asked
serve_late
ask_late late.example.test
ctl filter asked -f dns
expect_status 0
ctl filter asked --filter-port 53
expect_status 0
expect_equal "rows while it waits" 0 "$(rows_of)"
answer
wait_until 12 "the row" has_rows 1
expect_equal "the row" "late.example.test answered 192.0.2.7 null" \
    "$(jq -r '"\(.dns.question.name) \(.packetsentry.transaction.outcome) \(.dns.answers[0].data) \(.packetsentry.transaction.request_packet)"' "$OUT/asked.out")"
measured=$(sed -n 's/^;; Query time: \([0-9]*\) msec$/\1/p' "$TEMP/dig.out")
told=$(jq '.event.duration / 1000000 | floor' "$OUT/asked.out")
((told - measured <= 20 && measured - told <= 20)) || fail "dig has measured $measured ms, the row has $told ms"

# From now on addresses are masked.
serve_late
ask_late stricter.example.test
write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop", "save", "filter"]
redact = { addresses = true }
END
reload 'policy: .* is in force, with 1 rule$'
wait_until 10 "what was asked before" has_rows 2
answer
interrupt asked
expect_status 0
expect_equal "what was asked before" "stricter.example.test stopped" \
    "$(sed -n 2p "$OUT/asked.out" | jq -r '"\(.dns.question.name) \(.packetsentry.transaction.outcome)"')"
expect_equal "rows" 2 "$(rows_of)"
