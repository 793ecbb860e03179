#!/usr/bin/env bash
# What is above the policy's rate is shed, not dissected, not saved, and counted: the ledger balances to the
# packet, and other users' jobs have all of it.
# Runs alone: it measures a rate.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop", "save", "filter", "past"]
max_rate = 100
END
start_daemon_with_policy

ctl start -d --name slow -i eth0 -f udp -o slow.pcap
expect_status 0
CTL_AS=root ctl start -d --name whole -i eth0 -f udp
expect_status 0
begin=$SECONDS
send_numbered 2000 6000 3000
wait_until 10 "the last datagram" shows_number slow .ledger.delivered 6000
seconds=$((SECONDS - begin + 1))
wait_until 10 "the last datagram" shows_number whole .ledger.recorded 6000
expect_drained slow
ctl stop slow
expect_status 0
show_job slow >"$OUT/slow.out"
jq -e '.ledger | .delivered == 6000 and .received == .delivered + .dropped_by_kernel and .unread == 0
    and .delivered == .recorded + .shed + .filtered and .saved == .recorded' "$OUT/slow.out" >/dev/null ||
    fail "the ledger: $(jq -c .ledger "$OUT/slow.out")"
recorded=$(jq .ledger.recorded "$OUT/slow.out")
expect_at_least "rows" 100 "$recorded"
((recorded <= 10 + 100 * seconds)) || fail "$recorded rows in $seconds s"
expect_equal "packets in the file" "$recorded" "$(tcpdump -nr "$WORK/slow.pcap" 2>/dev/null | wc -l)"
expect_equal "shed of root's job" 0 "$(job_number whole .ledger.shed)"

# Filters changed over and over are no way round it.
ctl start -d --name often -i eth0 -f udp
send_numbered 2000 9000 3000 &
sender=$!
begin=$SECONDS
for _ in 1 2 3 4 5; do
    ctl filter often -f udp
    expect_status 0
done
wait "$sender"
expect_drained often
recorded=$(job_number often .ledger.recorded)
seconds=$((SECONDS - begin + 1))
((recorded <= 60 + 100 * seconds)) || fail "$recorded rows in $seconds s with six workers"
