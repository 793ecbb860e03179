#!/usr/bin/env bash
# -Y: a display filter chooses by any field which packets are shown, saved and counted, in a capture, in a job that
# is followed, and in what a job has kept; every example of the manual is understood.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
serve_dns

# Shown, saved and counted by -c are those that pass, and no others.
start_capture capture start -i eth0 -Y 'dns.qry.name contains "WANTED"' -c 2 -o wanted.pcap
start_ctl rest start -i eth0 -Y 'dns and not dns.qry.name contains "wanted"' --json --name rest
wait_until 5 "the second capture" job_runs rest
ask other.example.test
ping_a 2
ask wanted.example.test
wait_for capture
expect_status 0
expect_count 2 "$OUT/capture.out" ' - DNS .* DNS wanted\.example\.test'
expect_count 2 "$OUT/capture.out" ' - (DNS|ICMP|ARP) '
expect_line "$OUT/capture.out" "^$WHEN - Starting capture on eth0 \(filter: none; display filter: dns\.qry\.name contains \"WANTED\"\)$"
expect_equal "packets in wanted.pcap" 2 "$(tcpdump -nr "$WORK/wanted.pcap" 2>/dev/null | wc -l)"
wait_until 3 "the other question" has_lines 2 "$OUT/rest.out" 'other.example.test'
interrupt rest
expect_status 0
expect_no_line "$OUT/rest.out" 'wanted'

# The ledger accounts for what did not pass. It survives a restart with its filter.
ctl start -d --name night -i eth0 -Y 'icmp.type == 8'
expect_status 0
ping_a 5
wait_until 3 "the requests" shows_number night .ledger.recorded 5
wait_until 3 "the replies" shows_number night .ledger.filtered 5
show_job night | jq -e '.ledger | .delivered == .recorded + .filtered + .shed' >/dev/null || fail "the ledger does not balance"
ctl show night
expect_line "$OUT/ctl.out" '^Filter: +none; display filter: icmp.type == 8$'
stop_daemon
start_daemon
wait_until 5 "the job's return" job_runs night
ping_a 4
wait_until 3 "the next requests" shows_number night .ledger.recorded 9
ctl list --json
expect_line "$OUT/ctl.out" '"display_filter":"icmp\.type == 8"'

# What is followed, and what was kept, is chosen among the job's rows; the job is as before.
ctl filter night --none
expect_status 0
start_ctl follower follow night -Y 'icmp.type == 0' --json
sleep 0.3
ping_a 3
wait_until 3 "the replies" has_lines 3 "$OUT/follower.out" '"ICMP"'
ctl results night --json -Y 'icmp.type == 0'
expect_status 0
expect_count 3 "$OUT/ctl.out" '"type":0'
expect_no_line "$OUT/ctl.out" '"type":8'
ctl results night --json
expect_line "$OUT/ctl.out" '"type":8'
interrupt follower
expect_status 0
expect_no_line "$OUT/follower.out" '"type":8'

# What was removed cannot be asked.
start_ctl masked start -i eth0 --redact addresses -Y 'ip.addr == 10.77.0.1' --json --name masked
wait_until 5 "the masked capture" job_runs masked
ping_a 3
wait_until 3 "the packets that do not pass" shows_number masked .ledger.filtered 6
interrupt masked
expect_equal "rows with a masked address" "" "$(cat "$OUT/masked.out")"

# Large packets that all pass fill several batches while others wait.
start_ctl large start -i eth0 -Y 'udp.dstport == 9' -X -c 60 --name large
wait_until 5 "the capture of large packets" job_runs large
in_b python3 -c 'import socket
for i in range(60):
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(bytes(60000), ("10.77.0.1", 9))'
wait_for large
expect_status 0
expect_equal "large packets" 60 "$(grep -cE ' - UDP .* -> 9$' "$OUT/large.out")"

# One line that says where the mistake is; the job keeps its filter.
for expression in 'port 53' 'dns.qry.nam == x' 'ip.src == ' 'tcp.port in {80' 'http.host matches "("' \
    "$(printf '%5000s' 'x')" "$(printf '(%.0s' {1..10000})"; do
    ctl filter night -Y "$expression"
    expect_status 4
    expect_one_error "$OUT/ctl.err" '^packetsentryctl: -Y, at (character [0-9]+|the end): '
done
ctl show night
expect_line "$OUT/ctl.out" '^Filter: +none$'

examples=$(sed -n '/^\.Sh EXAMPLES/,/^\.El/s/^\.It Li //p' "$SUPPORT/../../packaging/man/packetsentry-filter.7" | sed 's/\\(dq/"/g')
expect_equal "examples of the manual" 9 "$(wc -l <<<"$examples")"
while read -r example; do
    ctl explain -Y "$example"
    expect_status 0
    expect_line "$OUT/ctl.out" '^In the worker, once a packet is dissected: [a-z(@]'
    expect_no_line "$OUT/ctl.out" '^In the worker, .*: every packet$'
done <<<"$examples"
