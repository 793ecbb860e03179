#!/usr/bin/env bash
# Log and results are the default, --no-files writes neither, --output-dir puts them elsewhere; where they
# cannot be written there is one warning and the capture goes on, and with -q an error.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
files() { find "$1" -type f | wc -l; }

start_ctl none start -i eth0 -f icmp -c 2 --no-files
wait_until 10 "the capture" grep -q 'Starting capture' "$OUT/none.out"
ping_a 1
wait_for none
expect_status 0
expect_equal "files with --no-files" 0 "$(files "$WORK")"

install -d -o "${USER_ID[member]}" "$WORK/elsewhere"
start_ctl elsewhere start -i eth0 -f icmp -c 2 --output-dir elsewhere
wait_until 10 "the capture" grep -q 'Starting capture' "$OUT/elsewhere.out"
ping_a 1
wait_for elsewhere
expect_status 0
expect_equal "files with --output-dir" 2 "$(files "$WORK/elsewhere")"

install -d -m 555 "$WORK/closed"
start_ctl closed start -i eth0 -f icmp -c 2 --output-dir closed
wait_until 10 "the capture" grep -q 'Starting capture' "$OUT/closed.out"
ping_a 1
wait_for closed
expect_status 0
expect_count 2 "$OUT/closed.out" ' - ICMP '
expect_at_least "warnings" 1 "$(count_lines "$OUT/closed.err" '[Pp]ermission denied')"

ctl start -i eth0 -f icmp -c 2 -q --output-dir closed
expect_status 3
expect_one_error "$OUT/ctl.err" '[Pp]ermission denied'
