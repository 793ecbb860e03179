#!/usr/bin/env bash
# Expected: an index is a hint, and rows decide. One that says of each key that it is in every block costs time alone. One
# that says that keys are nowhere can hide rows from questions that ask it, and from no other; one that says that blocks
# stand elsewhere is found out. Whatever it says, no row is shown that does not match, none twice, and nothing ends.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_capture "$TEMP/past.pcap" 600
record_past 7 past 200 "$TEMP/past.pcap"
lie() { "$BIN/forge_spool" lie "$(segment_file 7 2 index)" "$1"; }
dns_of() { jq -r '.event.sequence' "$OUT/ctl.out" | awk -v first="$1" -v last="$2" '$1 >= first && $1 <= last' | wc -l; }
expect_dns_alone() {
    expect_status 0
    expect_equal "rows that are no DNS" 0 "$(jq -r 'select(.event.sequence % 3 != 0) | 1' "$OUT/ctl.out" | wc -l)"
    expect_equal "rows twice" "" "$(jq -r '.event.sequence' "$OUT/ctl.out" | sort | uniq -d)"
    expect_equal "rows of honest segments" "66 67" "$(dns_of 1 200) $(dns_of 401 600)"
}
cp "$(segment_file 7 2 index)" "$TEMP/honest.index"

start_daemon
ctl search -f dns --json
expect_equal "DNS" 200 "$(wc -l <"$OUT/ctl.out")"
ctl search --filter-ip 10.9.0.201 --json --explain
expect_equal "one host" "201 451" "$(found_numbers)"
expect_line "$OUT/ctl.err" '^Blocks: +24, of which 2 were read$'

lie everything
ctl search -f dns --json
expect_dns_alone
expect_equal "all the same" 67 "$(dns_of 201 400)"
ctl search --filter-ip 10.9.0.201 --json --explain
expect_equal "one host" "201 451" "$(found_numbers)"
expect_line "$OUT/ctl.err" '^Blocks: +24, of which 9 were read$'
ctl search --filter-ip 203.0.113.1 --json
expect_equal "nobody" "" "$(found_numbers)"

cp "$TEMP/honest.index" "$(segment_file 7 2 index)"
lie nothing
ctl search -f dns --json
expect_dns_alone
expect_equal "hidden" 0 "$(dns_of 201 400)"
ctl search --json
expect_equal "nothing is hidden from who asks no index" "1-600" "$(found_numbers)"

cp "$TEMP/honest.index" "$(segment_file 7 2 index)"
lie elsewhere
ctl search -f dns --json
expect_dns_alone
expect_line "$OUT/ctl.err" 'cannot read a part of job past, segment 2: [0-9]+ bytes at [0-9]+ of its rows are damaged$'
