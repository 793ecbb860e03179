#!/usr/bin/env bash
# Expected: whatever happens to a file of a segment, each row whose block is whole is found, once, with its packet if
# that is whole too, and no other row is. Rows cannot be made again here, because their packets are gone. For each damage a line says which segment it is in and what cannot be read.
# Without its index a segment is searched all the same. It makes no difference whether the daemon ran meanwhile.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_capture "$TEMP/past.pcap" 1500
record_past 7 past 100 "$TEMP/past.pcap"
rows() { segment_file 7 "$1" rows; }

start_daemon
ctl search --json -o all.pcapng
expect_equal "rows before" "1-1500" "$(found_numbers)"
expect_equal "packets before" 1500 "$(saved_packets "$WORK/all.pcapng")"
expect_line "$OUT/ctl.err" '^1500 packets were found in job past '

for segment in 2 3 4 5 6 7; do rm "$(segment_file 7 $segment pcapng)"; done
file=$(rows 1) # removed
rm "$file"
file=$(rows 2) # cut in the middle of the third block
truncate -s $(($(frame_of "$file" 2 offset) + 100)) "$file"
file=$(rows 3) # cut between two blocks
truncate -s "$(frame_of "$file" 2 offset)" "$file"
file=$(rows 4) # noise over the header of the second block
overwrite "$file" "$(frame_of "$file" 1 offset)" 80
file=$(rows 5) # noise in the third block
overwrite "$file" $(($(frame_of "$file" 2 offset) + 200)) 300
overwrite_all "$(rows 6)"
"$BIN/forge_spool" newer "$(rows 7)"
rm "$(segment_file 7 8 index)"
truncate -s 300 "$(segment_file 7 9 index)"
overwrite_all "$(segment_file 7 10 index)"
"$BIN/forge_spool" newer "$(segment_file 7 11 index)"
rm "$(segment_file 7 12 pcapng)"
file=$(segment_file 7 13 pcapng)
truncate -s $(($(stat -c %s "$file") / 2)) "$file"
overwrite_all "$(segment_file 7 14 pcapng)"

whole="101-150 201-250 301-325 351-450 476-500 701-1500"
expect_damage() {
    expect_equal "rows that are whole" "$whole" "$(found_numbers)"
    expect_line "$OUT/ctl.err" 'cannot read a part of job past, segment 2: [0-9]+ bytes at [0-9]+ of its rows are missing at its end$'
    expect_line "$OUT/ctl.err" 'cannot read a part of job past, segment 3: [0-9]+ bytes at [0-9]+ of its rows are missing at its end$'
    expect_line "$OUT/ctl.err" 'cannot read a part of job past, segment 4: [0-9]+ bytes at [0-9]+ of its rows are damaged$'
    expect_line "$OUT/ctl.err" \
        'cannot read 25 rows from number 451 on \(from .* to .*\) of job past, segment 5: [0-9]+ bytes at [0-9]+ of its rows are damaged$'
    expect_line "$OUT/ctl.err" 'cannot read a part of job past, segment 6: its rows file is no rows file of a spool$'
    expect_line "$OUT/ctl.err" \
        'cannot read a part of job past, segment 7: its rows file has version 2 of the format, and this program reads version 1: rows file of a spool$'
    expect_no_line "$OUT/ctl.err" 'segment (8|9|10|11|15)'
    expect_line "$OUT/ctl.err" '^1050 packets were found in job past '
}

ctl search --json
expect_status 0
expect_damage
expect_line "$OUT/ctl.err" 'cannot read a part of job past, segment 1: its rows are not there$'
expect_no_line "$OUT/ctl.err" 'segment 1[234]' # nobody has asked for packets
ctl search --json -o whole.pcapng
expect_damage
expect_line "$OUT/ctl.err" 'cannot read a part of job past, segment 12: its packets are not there$'
saved=$(saved_packets "$WORK/whole.pcapng")
((saved > 500 && saved < 600)) || fail "$saved packets of 1050 rows were saved, 450 of which have lost them all"
expect_line "$OUT/ctl.err" "^$saved packets were saved to whole.pcapng; $((1050 - saved)) packets were not saved, because the spool is damaged there$"
# With the help of the indexes, in both orders, and the last ones.
ctl search --json -f dns
expect_equal "DNS" 351 "$(jq -r '.event.sequence % 3' "$OUT/ctl.out" | grep -c '^0$')"
expect_equal "nothing but DNS" 351 "$(wc -l <"$OUT/ctl.out")"
ctl search --json --reverse
expect_equal "the same in reverse" 1050 "$(jq -r .event.sequence "$OUT/ctl.out" | sort -un | wc -l)"
expect_line "$OUT/ctl.err" 'segment 3: [0-9]+ bytes at [0-9]+ of its rows are missing at its end$'
ctl search --json --last 810
expect_equal "the last" "491-500 701-1500" "$(found_numbers)"

# After a restart a missing index is made again, and what is missing as a whole is no longer kept.
stop_daemon
start_daemon
ctl search --json -o again.pcapng
expect_damage
expect_no_line "$OUT/ctl.err" 'segment 12?:'
expect_line "$OUT/ctl.err" '^what job past recorded from 2025-05-15 .* to 2025-05-15 .* is no longer kept$'
expect_line "$OUT/ctl.err" '^the packets that job past recorded from .* are no longer kept, only their rows$'
expect_equal "packets" "$saved" "$(saved_packets "$WORK/again.pcapng")"
expect_line "$OUT/ctl.err" '; 350 packets were not saved, because only the rows are kept; [0-9]+ packets were not saved, because the spool is damaged there$'
has_index() { [[ -s $(segment_file 7 8 index) ]]; }
wait_until 10 "the index" has_index
ctl search --json -f dns
expect_equal "DNS" 351 "$(wc -l <"$OUT/ctl.out")"
