#!/usr/bin/env bash
# A filter that the policy requires is and-ed in the kernel, and no text of the user's undoes it: live, saved,
# after other filters, after a restart of the daemon. Every count to the packet.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop", "filter", "save", "past"]
filter = "udp dst portrange 2000-2099"
END
start_daemon_with_policy

# 100 of these 300 may be seen.
round=0
send_round() {
    send_numbered 1900 300
    round=$((round + 100))
}
recorded() {
    wait_until 10 "$round rows of $1" shows_number "$1" .ledger.recorded "$round"
    sleep 0.3
    expect_equal "rows of $1" "$round" "$(job_number "$1" .ledger.recorded)"
}

ctl start -d --name all -i eth0 -o all.pcap
expect_status 0
expect_line "$OUT/ctl.err" "rule 1 \($POLICY:1\) of the policy: only what passes 'udp dst portrange 2000-2099'"
send_round
recorded all
for text in 'udp' 'udp or tcp or icmp' 'not udp dst port 1' '1 = 1' 'udp or vlan'; do
    ctl filter all --bpf "$text"
    expect_status 0
    send_round
    recorded all
done
# What would close the brackets it is shown in is no expression, and changes nothing.
for text in '1 = 1) or (udp' 'udp) or (udp' ') or (' '(udp' 'udp or'; do
    ctl filter all --bpf "$text"
    expect_status 4
    ctl start -i eth0 --bpf "$text"
    expect_status 4
done
send_round
recorded all

# Nor does root's hand undo it: the job is its owner's.
CTL_AS=root ctl filter all --none
expect_status 0
send_round
recorded all
ctl filter all --bpf 'udp or vlan'

ctl show all
expect_line "$OUT/ctl.out" '^Required filter: *udp dst portrange 2000-2099$'
expect_line "$OUT/ctl.out" '^Filter: *\(udp dst portrange 2000-2099\) and \(udp or vlan\)$'
expect_line "$OUT/ctl.out" "^Policy: *rule 1 \($POLICY:1\)$"

stop_daemon
start_daemon_with_policy
wait_until 10 "the job's return" job_runs all
send_round
recorded all
expect_equal "packets outside" 0 \
    "$(tcpdump -nr "$WORK/all.pcap" 'not udp dst portrange 2000-2099' 2>/dev/null | wc -l)"
expect_equal "packets saved" $((round - 100)) "$(tcpdump -nr "$WORK/all.pcap" 2>/dev/null | wc -l)"

# Root is under no rule.
start_root() { CTL_AS=root ctl start -d --name root -i eth0 -f udp; }
start_root
expect_status 0
send_numbered 1900 300
wait_until 10 "all datagrams" shows_number root .ledger.recorded 300
