#!/usr/bin/env bash
# A worker is killed, again and again: only its job notices. Each time there is one line about it and one
# that it goes on, a gap "at most n" is told, and the capture goes on, as does its file. Under load too: what is
# not there is in the gaps, what is counted as saved is in the file once and whole.
# Runs alone: it counts what is lost under load.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
ctl start -d -i eth0 -f icmp --name other
start_capture capture start -i eth0 -f icmp --name victim -o saved.pcap
ping_a 5
wait_until 3 "the pings" has_lines 10 "$OUT/capture.out" 'ICMP'
wait_until 3 "the saved packets" shows_number victim .ledger.saved 10
for restarts in 1 2; do
    kill -KILL "$(worker_pid)"
    wait_until 5 "the worker's return" has_lines "$restarts" "$OUT/capture.err" 'goes on'
    ping_a 5
    wait_until 3 "packets of the new worker" has_lines $((10 + 10 * restarts)) "$OUT/capture.out" 'ICMP'
done
expect_count 2 "$OUT/capture.err" 'worker was killed by signal 9'
expect_equal "restarts" 2 "$(job_number victim .worker_restarts)"
expect_equal "gaps" '"worker_died" true' "$(job_number victim '.gaps[0] | .cause, .at_most' | xargs -d '\n' echo)"
show_job victim | jq -e '.ledger | .delivered == .recorded + .shed + .filtered' >/dev/null || fail "W does not balance"
show_job victim | jq -e '.ledger | .received == .delivered + .dropped_by_kernel + .unread' >/dev/null || fail "K does not balance"
interrupt capture
expect_status 0
expect_equal "packets saved" 30 "$(tcpdump -nr "$WORK/saved.pcap" 2>/dev/null | wc -l)"
expect_count 30 "$(results_file)" '^Summary: ICMP'
wait_until 3 "the other job's count" shows_number other .ledger.recorded 30
job_runs other || fail "the other job ended too"

sent=9000
start_capture busy start -i eth0 --name busy -f udp -o busy.pcap
send_numbered 2000 "$sent" 3000 &
sender=$!
for restarts in 1 2 3; do
    sleep 0.4
    kill -KILL "$(worker_pid)"
    wait_until 5 "the return under load" has_lines "$restarts" "$OUT/busy.err" 'goes on'
done
wait "$sender"
sleep 0.5
interrupt busy
expect_status 0
show_job busy >"$OUT/busy.json"
jq -e '.ledger | .delivered == .recorded + .shed + .filtered and .received == .delivered + .dropped_by_kernel' \
    "$OUT/busy.json" >/dev/null || fail "K or W does not balance"
recorded=$(jq .ledger.recorded "$OUT/busy.json")
gaps=$(jq '[.gaps[] | select(.cause == "worker_died") | .packets] | add' "$OUT/busy.json")
expect_equal "gaps" 3 "$(jq '[.gaps[] | select(.cause == "worker_died" and .at_most)] | length' "$OUT/busy.json")"
((recorded < sent)) || fail "nothing was lost, so nothing was tried"
expect_at_least "recorded and in the gaps" "$sent" $((recorded + gaps))
tcpdump -nr "$WORK/busy.pcap" 2>"$OUT/complaint" | sed -n 's/.* > 10\.77\.0\.1\.\([0-9]*\): .*/\1/p' >"$OUT/numbers"
expect_no_line "$OUT/complaint" 'truncated|bogus'
expect_equal "packets saved" "$(jq .ledger.saved "$OUT/busy.json")" "$(wc -l <"$OUT/numbers")"
sort -nuc "$OUT/numbers" || fail "a packet is in the file twice, or out of order"
