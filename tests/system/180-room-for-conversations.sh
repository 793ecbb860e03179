#!/usr/bin/env bash
# Expected: where memory.flows has no room for all conversations, those nearest to their end are ended early and marked,
# 'show' counts them, and no packet is missing from the rows. After a reload with more room, another job ends none.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

count=20000 # conversations of one datagram each; 8 MiB have room for fewer than half of them
room() { # SIZE
    printf '[memory]\nflows = "%s"\n' "$1" >"$TEMP/daemon.toml"
}
capture() { # NAME
    start_ctl "$1" start -i eth0 --bpf 'udp and src port 7777' --table flows --json --name "$1" --no-files
    wait_until 10 "the capture" job_runs "$1"
    send_numbered 2000 "$count" 20000
    wait_until 10 "all packets" shows_number "$1" .ledger.recorded "$count"
    wait_until 5 "the rows that were sent" shows_number "$1" '(.ledger | if .flows == .flows_evicted then 1 else 0 end)' 1
    show_job "$1" >"$TEMP/$1.json"
    ctl show "$1"
    interrupt "$1"
    expect_status 0
    expect_equal "packets in the conversations of $1" "$count" "$(jq -s 'map(.source.packets) | add' "$OUT/$1.out")"
}
with_reason() { jq -r 'select(.packetsentry.flow.reason == "evicted") | 1' "$OUT/$1.out" | wc -l; } # NAME

room 8MiB
start_daemon --config "$TEMP/daemon.toml"
capture small
evicted=$(with_reason small)
expect_at_least "conversations that were ended early" $((count / 2)) "$evicted"
expect_equal "what the ledger says" "$evicted" "$(jq .ledger.flows_evicted "$TEMP/small.json")"
expect_line "$OUT/ctl.out" "^Flows: +$evicted rows, $evicted ended early for lack of room\$"

room 64MiB
reload 'configuration: memory\.flows is now 64MiB'
capture large
expect_equal "conversations that were ended early" 0 "$(with_reason large)"
expect_equal "what the ledger says of that" 0 "$(jq .ledger.flows_evicted "$TEMP/large.json")"
