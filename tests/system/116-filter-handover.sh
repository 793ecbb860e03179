#!/usr/bin/env bash
# "filter JOB" under a flood: every datagram is seen exactly once, in the rows and in the file; a bad
# expression leaves the job as it was.
# Runs alone: it counts what is lost under load.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
start_ctl capture start -i eth0 -f udp --json --name flood -o flood.pcap
wait_until 10 "the capture" job_runs flood
count=60000
send_numbered 2000 "$count" 15000 &
sender=$!
change() { # FILTER_OPTIONS…
    sleep 0.6
    ctl filter flood "$@"
    expect_status 0
}
change -f udp --filter-ip 10.77.0.1
change --bpf udp
change -f udp --filter-ip 10.77.0.2
change --bpf 'udp portrange 2000-62000'
change -Y 'udp.dstport in {2000..62000} and not icmp'
change --bpf 'udp portrange 2000-62000'
ctl filter flood --bpf 'udp port'
expect_status 4
wait "$sender"
ctl show flood
expect_line "$OUT/ctl.out" 'portrange 2000-62000'
wait_until 10 "the last datagram" grep -q "\"port\":$((2000 + count - 1))[,}]" "$OUT/capture.out"
interrupt capture
expect_status 0

numbers=$(jq -r '.destination.port' "$OUT/capture.out" | sort -n)
expect_equal "datagrams in the rows, distinct" "$count" "$(uniq <<<"$numbers" | wc -l)"
expect_equal "datagrams in the rows" "$count" "$(wc -l <<<"$numbers")"
expect_equal "sequence numbers without a break" "$count" "$(jq -r '.event.sequence' "$OUT/capture.out" | awk '$1 == NR' | wc -l)"
tcpdump -nr "$WORK/flood.pcap" 2>/dev/null | sed -n 's/.* > 10\.77\.0\.1\.\([0-9]*\): .*/\1/p' | sort -n >"$TEMP/saved"
expect_equal "datagrams in the file, distinct" "$count" "$(uniq "$TEMP/saved" | wc -l)"
expect_equal "datagrams in the file" "$count" "$(wc -l <"$TEMP/saved")"
