#!/usr/bin/env bash
# -f may be repeated, in upper or lower case: a packet of any of the protocols passes, live and from a file, and
# after a restart of the daemon. The policy judges it as any filter. Where nothing passed, the ports are told.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

both='udp port 53 or tcp port 53 or icmp'
start_daemon
start_capture capture start -i eth0 -f DNS -f Icmp --filter-ip 10.77.0.1
expect_line "$OUT/capture.out" "Starting capture on eth0 \(filter: \(udp port 53 or tcp port 53 or icmp\) and \(host 10\.77\.0\.1\)\)$"
send_numbered 52 3
ping_a 2
wait_until 5 "the pings" has_lines 4 "$OUT/capture.out" ' - ICMP .* Echo '
interrupt capture
expect_status 0
expect_count 1 "$OUT/capture.out" "^$WHEN - DNS "
expect_no_line "$OUT/capture.out" "^$WHEN - UDP "

ctl start -d -i eth0 -f dns -f icmp --name both
expect_status 0
ctl filter both -f http -f ARP
expect_line "$OUT/ctl.out" 'filter: tcp port 80 or tcp port 443 or arp$'
ctl filter both -f dns -f icmp
stop_daemon
start_daemon
wait_until 10 "the job to come back" job_runs both
expect_equal "its filter" "\"$both\"" "$(job_number both .filter)"
ctl start -i eth0 -f dns -f nonsense
expect_status 4
stop_daemon

write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop"]
END
start_daemon_with_policy
ctl start -i eth0 -a duration:1s -f dns -f icmp
expect_status 5
expect_line "$OUT/ctl.err" "does not allow 'filter'"

write_capture "$WORK/some.pcap" 30
for words in "-f dns -f http" "-f HTTP -f DNS" "-f http -f dns -f dns"; do
    # shellcheck disable=SC2086
    ctl --json -r some.pcap $words
    expect_status 0
    expect_equal "packets with $words" 20 "$(wc -l <"$OUT/ctl.out")"
    expect_one_error "$OUT/ctl.err" '^20 packets shown, none lost$'
done
ctl --json -r some.pcap -f ssh -f ntp
expect_status 0
expect_equal "lines" "0 packets shown, none lost
-f ntp means 'udp port 123', -f ssh means 'tcp port 22'; for packets on other ports use --filter-port or --bpf instead" \
    "$(cat "$OUT/ctl.err")"
ctl --json -r some.pcap -f arp
expect_one_error "$OUT/ctl.err" '^0 packets shown, none lost$'
