#!/usr/bin/env bash
# The interface goes down and up again: each told once, degraded meanwhile, one gap from the one to the other, and
# the capture goes on with a ledger that balances.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

now() { date -u +%FT%T.%NZ; }

start_daemon
start_capture capture start -i eth0 -f icmp --name steady
ping_a 2
wait_until 3 "the pings" has_lines 4 "$OUT/capture.out" 'ICMP'
before_down=$(now)
ip -n "$NS_A" link set eth0 down
wait_until 3 "the word of it" grep -aqE 'eth0.*down' "$OUT/capture.err" "$OUT/capture.out"
wait_until 3 "the job to be degraded" job_state_is steady degraded
expect_equal "gaps, of which the end is not known" '[{"cause":"interface_down","to":null}]' \
    "$(show_job steady | jq -c '[.gaps[] | {cause, to}]')"
before_up=$(now)
ip -n "$NS_A" link set eth0 up
wait_until 3 "the word of its return" grep -aqE 'eth0.*(is|up|back).*(up|back|again)' "$OUT/capture.err" "$OUT/capture.out"
wait_until 3 "the job to be whole" job_runs steady
wait_until 5 "the cable" ping_a 1
ping_a 2
wait_until 3 "packets after it" has_lines 8 "$OUT/capture.out" 'ICMP'
expect_drained steady
for word in 'went down' 'is up again'; do expect_count 1 "$OUT/capture.err" "interface 'eth0' $word"; done
show_job steady >"$OUT/show.out"
jq -e --arg down "$before_down" --arg up "$before_up" '.gaps | length == 1 and (.[0] |
    .cause == "interface_down" and $down <= .from and .from <= $up and $up <= .to)' "$OUT/show.out" >/dev/null ||
    fail "down after $before_down, up after $before_up, and the gaps: $(jq -c .gaps "$OUT/show.out")"
expect_equal "rows" "$(jq .ledger.received "$OUT/show.out")" "$(count_lines "$OUT/capture.out" 'ICMP')"
interrupt capture
expect_status 0
