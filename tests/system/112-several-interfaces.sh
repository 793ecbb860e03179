#!/usr/bin/env bash
# Several -i in one job, and the "any" device: packets of both cables, each named with its interface.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
start_ctl both start -i eth0 -i eth1 -f icmp --json --name both
start_ctl any start -i any -f icmp --json --name any -o any.pcap
start_ctl saved start -i eth0 -i eth1 -f icmp --json --name saved -o both.pcapng
for job in both any saved; do wait_until 10 "the job $job" job_runs "$job"; done
ping_a 3
in_b ping -q -n -i 0.01 -c 2 10.78.0.1 >/dev/null
for job in both any saved; do
    wait_until 3 "the packets of $job" has_lines 10 "$OUT/$job.out" ''
    interrupt "$job"
    expect_status 0
    # shellcheck disable=SC2016
    counts='[.[].observer.ingress.interface.name] | [map(select(. == "eth0")), map(select(. == "eth1"))] | map(length)'
    [[ $job == any ]] || expect_equal "packets of eth0 and eth1 in $job" "[6,4]" "$(jq -sc "$counts" "$OUT/$job.out")"
done
expect_equal "packets of the any device" 10 "$(jq -s length "$OUT/any.out")"
expect_equal "packets in any.pcap" 10 "$(tcpdump -nr "$WORK/any.pcap" icmp 2>/dev/null | wc -l)"
expect_equal "packets in both.pcapng" 10 "$(capinfos -TrcM "$WORK/both.pcapng" | cut -f 2)"
expect_equal "interfaces in both.pcapng" 2 "$(capinfos "$WORK/both.pcapng" | grep -c 'Interface #')"
