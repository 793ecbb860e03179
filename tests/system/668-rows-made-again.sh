#!/usr/bin/env bash
# Expected: where rows are missing and their packets are there, the rows are made again, and are what they were before:
# after a worker was killed between the packets of a block and its frame, and after a rows file was cut, or overwritten
# with noise, in parts or as a whole. A question that meets the damage tells it, and a later one finds all rows. Where the
# packets are damaged too, the file stays as it is, and each question tells the damage.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

jobs="$TEMP/jobs"
mkdir -m 0755 "$jobs"
printf 'interface = ["eth0"]\nfilter = { protocol = ["udp"] }\nreaders = { groups = ["%s"] }\n[keep.packets]\nage = "1d"\n' \
    "$SOCKET_GROUP" >"$jobs/lab.toml"
write_capture "$TEMP/past.pcap" 600
record_past 7 past 100 "$TEMP/past.pcap"
rows() { segment_file 7 "$1" rows; }
start_daemon --jobs-dir "$jobs"
wait_until 10 "the job" job_runs lab

# A worker dies, which has written a block before.
send_numbered 1990 10
ctl search --job lab
in_b python3 -c 'import socket
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for port in range(2000, 5000): sender.sendto(bytes(1000), ("10.77.0.1", port))'
kept_bytes() { find "$SPOOL" -path './7' -prune -o ! -path '*/7/*' -name '*.pcapng' -size +1M -print | grep -q .; }
wait_until 10 "packets in the file" kept_bytes
pkill -KILL -P "$DAEMON_PID"
packets=$(find "$SPOOL" ! -path '*/7/*' -name '0000000001-*.pcapng')
kept=$(saved_packets "$packets")
((kept > 1000)) || fail "only $kept packets were in the file"
all_found() { ctl search --job lab --json && [[ $(wc -l <"$OUT/ctl.out") == "$kept" ]]; }
wait_until 20 "the rows of $kept packets" all_found
expect_equal "their numbers" "1-$kept" "$(found_numbers)"
expect_equal "their ports" "$(seq 1990 $((1989 + kept)) | md5sum)" "$(jq -r .destination.port "$OUT/ctl.out" | md5sum)"
ctl search --job lab --filter-port 2017 --explain -o one.pcapng
expect_equal "one of them, by its index" 1 "$(wc -l <"$OUT/ctl.out")"
expect_equal "its packet" 1 "$(saved_packets "$WORK/one.pcapng")"

# Files are damaged.
ctl search --job past --json
cp "$OUT/ctl.out" "$TEMP/before"
file=$(rows 1) # noise in a block, and over the header of another one
overwrite "$file" $(($(frame_of "$file" 1 offset) + 200)) 300
overwrite "$file" "$(frame_of "$file" 3 offset)" 80
file=$(rows 2) # cut within a block
truncate -s $(($(frame_of "$file" 2 offset) + 100)) "$file"
file=$(rows 3) # cut between two blocks
truncate -s "$(frame_of "$file" 1 offset)" "$file"
overwrite_all "$(rows 4)"
file=$(rows 5) # with its packets
overwrite "$file" $(($(frame_of "$file" 1 offset) + 200)) 300
overwrite "$(segment_file 7 5 pcapng)" 3000 2000
ctl search --job past --json
for segment in 1 2 3 4 5; do expect_line "$OUT/ctl.err" "cannot read .* of job past, segment $segment: "; done
but_fifth() { jq -c 'select(.event.sequence <= 425 or .event.sequence > 450)' "$1"; }
repaired() {
    ctl search --job past --json
    cmp -s <(but_fifth "$TEMP/before") <(but_fifth "$OUT/ctl.out")
}
wait_until 20 "the rows" repaired
expect_equal "rows that cannot be made again" "1-425 451-600" "$(found_numbers)"
expect_line "$OUT/ctl.err" 'cannot read 25 rows from number 426 on .* of job past, segment 5: '
expect_no_line "$OUT/ctl.err" 'segment [12346]:'
ctl search --job past -f dns --json -o dns.pcapng
expect_equal "DNS" 191 "$(wc -l <"$OUT/ctl.out")"
expect_at_least "their packets" 180 "$(saved_packets "$WORK/dns.pcapng")"

# It stays so.
stop_daemon
expect_equal "files that are not complete" "" "$(find "$SPOOL" -name '*.new')"
start_daemon --jobs-dir "$jobs"
repaired || fail "the rows are gone again"
expect_no_line "$OUT/ctl.err" 'segment [12346]:'
