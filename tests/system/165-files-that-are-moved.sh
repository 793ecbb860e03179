#!/usr/bin/env bash
# While a capture runs its files are moved, removed and truncated: a log that was moved is made anew, and of a file
# that is not whole or not there it is not said that packets or results were saved to it.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
round() { # NAME -- a ping more on its screen
    local lines
    lines=$(count_lines "$OUT/$1.out" ' - ICMP ')
    ping_a 1
    wait_until 5 "the ping" has_lines $((lines + 2)) "$OUT/$1.out" ' - ICMP '
}

# logrotate, with "create" or without
start_capture log start -i eth0 -f icmp
round log
mv "$WORK/packetsentry.log" "$WORK/packetsentry.log.1"
round log
wait_until 3 "the new log" has_lines 2 "$WORK/packetsentry.log" ' - ICMP '
interrupt log
expect_status 0
expect_count 2 "$WORK/packetsentry.log.1" ' - ICMP '
expect_count 2 "$WORK/packetsentry.log" ' - ICMP '
expect_line "$WORK/packetsentry.log" 'Results saved to '
expect_equal "mode of the new log" 600 "$(stat -c %a "$WORK/packetsentry.log")"

# Results and packets that are removed.
new_results() { rm -f "$WORK"/packetsentry_results_*.txt; } # the next may begin within the same second
new_results
start_capture gone start -i eth0 -f icmp -o gone.pcapng
round gone
rm "$WORK/gone.pcapng" "$(results_file)"
round gone
interrupt gone
expect_status 3
expect_no_line "$OUT/gone.out" 'saved to'
# The daemon looks once a second, the client at the end.
expect_line "$OUT/gone.err" 'gone\.pcapng was removed while it was written; what was written to it is lost|packets are no longer saved to gone\.pcapng: the output file was removed'
expect_line "$OUT/gone.err" 'packetsentry_results_.*\.txt was removed while it was written'

# Moved: the packets are all there, elsewhere.
start_capture moved start -i eth0 -f icmp -o moved.pcapng
round moved
mv "$WORK/moved.pcapng" "$WORK/elsewhere.pcapng"
round moved
interrupt moved
expect_status 0
expect_no_line "$OUT/moved.out" 'Packets saved to'
expect_line "$OUT/moved.err" 'moved\.pcapng was moved while it was written; what was written is in the file that had this name'
expect_equal "packets in the file that was moved" 4 "$(tcpdump -nr "$WORK/elsewhere.pcapng" 2>/dev/null | wc -l)"

# Truncated, as logrotate's copytruncate does it.
start_capture cut start -i eth0 -f icmp -o cut.pcapng
round cut
: >"$WORK/cut.pcapng"
round cut
interrupt cut
expect_status 3
expect_no_line "$OUT/cut.out" 'Packets saved to'
expect_line "$OUT/cut.err" 'packets are no longer saved to cut\.pcapng: the output file was truncated by somebody else'

# Results that are moved: they are all there, elsewhere.
new_results
start_capture away start -i eth0 -f icmp
round away
mv "$(results_file)" "$WORK/away.txt"
round away
interrupt away
expect_status 0
expect_no_line "$OUT/away.out" 'Results saved to'
expect_line "$OUT/away.err" 'packetsentry_results_.*\.txt was moved while it was written; what was written is in the file that had this name'
expect_count 4 "$WORK/away.txt" '^Summary: '

# Results that are truncated, with more written behind that or nothing: they are not whole, which is an error where
# there is no other output.
new_results
start_capture short start -i eth0 -f icmp
round short
: >"$(results_file)"
round short
interrupt short
expect_status 0
expect_no_line "$OUT/short.out" 'Results saved to'
expect_line "$OUT/short.err" 'packetsentry_results_.*\.txt was truncated by somebody else while it was written; it is incomplete'
new_results
rm "$WORK/packetsentry.log"
start_ctl quiet start -i eth0 -f icmp -q
wait_until 10 "the capture" has_lines 1 "$WORK/packetsentry.log" 'Starting capture on '
ping_a 1
wait_until 5 "the ping" has_lines 2 "$(results_file)" '^Summary: '
: >"$(results_file)"
interrupt quiet
expect_status 3
expect_no_line "$WORK/packetsentry.log" 'Results saved to'
expect_one_error "$OUT/quiet.err" 'packetsentry_results_.*\.txt was truncated by somebody else while it was written; it is incomplete'

# Left alone.
start_capture whole start -i eth0 -f icmp -o whole.pcapng
round whole
interrupt whole
expect_status 0
expect_line "$OUT/whole.out" 'Packets saved to whole\.pcapng$'
