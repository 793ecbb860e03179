#!/usr/bin/env bash
# Expected: the interface of a job in the background is removed, once while up and once while already down:
# told within a second or two, the ledger closed, the job waits. Made again under the same name, it is taken
# up within two seconds, in the same file, and the gap has its length and "at most n".
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

waits() { show_job patient | jq -e '.state == "waiting"' >/dev/null; }

start_daemon
ctl start -d -i eth0 -f icmp --name patient -o saved.pcap
expect_status 0
start_ctl follow follow patient
ping_a 5
wait_until 3 "the pings" shows_number patient .ledger.recorded 10
for round in 1 2; do
    ((round == 1)) || ip -n "$NS_A" link set eth0 down
    ((round == 1)) || wait_until 2 "the word that it is down" grep -q 'went down' "$OUT/follow.err"
    ip -n "$NS_A" link del eth0
    wait_until 2 "the word of it ($round)" has_lines "$round" "$OUT/follow.err" 'is gone'
    wait_until 2 "the job to wait" waits
    sleep 0.5
    cable eth0 10.77.0
    wait_until 4 "the job's return ($round)" job_runs patient
    wait_until 3 "the cable" ping_a 1
    ping_a 5
    wait_until 3 "packets after it ($round)" shows_number patient .ledger.recorded $((10 + 10 * round))
done
expect_equal "gaps for it" 2 "$(job_number patient '[.gaps[] | select(.cause == "interface_gone" and .at_most and .to)] | length')"
expect_drained patient
ctl stop patient
recorded=$(job_number patient .ledger.recorded)
expect_equal "packets saved" "$recorded" "$(tcpdump -nr "$WORK/saved.pcap" 2>/dev/null | wc -l)"
wait_for follow
