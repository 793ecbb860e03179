#!/usr/bin/env bash
# -T fields and -T csv: chosen columns of a live capture, of a job that is kept, and of a file, and no files.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
serve_dns
start_ctl capture start -i eth0 --bpf 'udp port 53 or icmp' -o "$WORK/both.pcapng" -T fields \
    -e event.sequence -e ip.src -e ip.dst -e udp.dstport -e dns.qry.name -e dns.a -e frame.interface_name
wait_until 10 "the capture" has_lines 1 "$OUT/capture.err" 'listening on eth0'
ask www.example.test
wait_until 3 "two packets" has_lines 2 "$OUT/capture.out" ''
ping_a 1
wait_until 3 "four packets" has_lines 4 "$OUT/capture.out" ''
interrupt capture
expect_status 0
port=$(sed -n 2p "$OUT/capture.out" | cut -f4)
expect_equal "the question" "1	10.77.0.2	10.77.0.1	53	www.example.test		eth0" "$(sed -n 1p "$OUT/capture.out")"
expect_equal "the answer" "2	10.77.0.1	10.77.0.2	$port	www.example.test	192.0.2.7	eth0" \
    "$(sed -n 2p "$OUT/capture.out")"
expect_equal "the ping" "3	10.77.0.2	10.77.0.1				eth0" "$(sed -n 3p "$OUT/capture.out")"

ctl read "$WORK/both.pcapng" -T csv
expect_status 0
expect_equal "header" "event.sequence,@timestamp,source.ip,source.port,destination.ip,destination.port,packetsentry.protocol,network.bytes,packetsentry.summary" \
    "$(head -1 "$OUT/ctl.out")"
expect_equal "lines of CSV" 5 "$(wc -l <"$OUT/ctl.out")"
python3 - "$OUT/ctl.out" <<'PYTHON' || fail "Python does not read the CSV as it is meant"
import csv, datetime, ipaddress, sys
for row in csv.DictReader(open(sys.argv[1], newline="")):
    datetime.datetime.fromisoformat(row["@timestamp"][:26])
    ipaddress.ip_address(row["source.ip"])
    assert int(row["network.bytes"]) > 0 and row["packetsentry.protocol"] in ("DNS", "ICMP"), row
PYTHON

# A header goes out also where no packet comes.
ctl -r "$WORK/both.pcapng" -Y http -T csv -e ip.src
expect_status 0
expect_equal "header alone" "ip.src" "$(cat "$OUT/ctl.out")"

start_ctl kept start -d -i eth0 --bpf icmp --name kept
wait_until 10 "the job" job_runs kept
ping_a 1
keeps_two_packets() { ctl results kept --lines && has_lines 2 "$OUT/ctl.out" ICMP; }
wait_until 5 "two packets kept" keeps_two_packets
ctl results kept -T fields -e packetsentry.job -e icmp.type -E header=y -E separator=/s
expect_status 0
expect_equal "header of the results" "packetsentry.job icmp.type" "$(head -1 "$OUT/ctl.out")"
expect_count 2 "$OUT/ctl.out" '^[0-9]+ [08]$'

ctl -r "$WORK/both.pcapng" -T fields -e dns.qry.nam
expect_status 4
ctl -r "$WORK/both.pcapng" -T csv --json
expect_status 1
expect_equal "files beside the rows" "$WORK/both.pcapng" "$(find "$WORK" -type f)"
