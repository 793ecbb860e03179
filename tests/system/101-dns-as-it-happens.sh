#!/usr/bin/env bash
# The main job: a regular user sees each DNS query as it happens, stops with Ctrl-C, and finds the results.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
serve_dns
start_capture capture start -i eth0 -f dns
expect_line "$OUT/capture.out" "^$WHEN - Starting capture on eth0 \(filter: udp port 53 or tcp port 53\)$"
for name in www.example.test mail.example.test; do
    ask "$name"
    wait_until 2 "the line of $name while the capture runs" grep -q " DNS $name" "$OUT/capture.out"
done
ask tcp.example.test +tcp
wait_until 2 "the line of the query over TCP" grep -q ' DNS tcp.example.test' "$OUT/capture.out"
interrupt capture
expect_status 0

expect_line "$OUT/capture.out" "^$WHEN - DNS 10\.77\.0\.2 -> 10\.77\.0\.1 DNS www\.example\.test( |$)"
expect_line "$OUT/capture.out" "^$WHEN - DNS 10\.77\.0\.1 -> 10\.77\.0\.2 DNS www\.example\.test( |$)"
expect_count 1 "$OUT/capture.out" "^$WHEN - PacketSentry stopped by user$"
expect_count 1 "$OUT/capture.out" "^$WHEN - Results saved to packetsentry_results_[0-9]{8}_[0-9]{6}\.txt$"

results=$(results_file)
expect_equal "owner of the results" "${USER_ID[member]}" "$(stat -c %u "$results")"
expect_count 1 "$OUT/capture.out" "Results saved to ${results##*/}$"
expect_line "$results" "^\[$WHEN\] DNS$"
expect_line "$results" "^Source: 10\.77\.0\.2 -> Destination: 10\.77\.0\.1$"
expect_line "$results" "^Summary: DNS www\.example\.test( |$)"
expect_equal "rules and blocks" "$(count_lines "$results" '^-{50}$')" "$(count_lines "$results" '^Summary: ')"
cmp -s "$OUT/capture.out" "$WORK/packetsentry.log" || fail "the log differs from the terminal"
