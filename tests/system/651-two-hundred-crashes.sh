#!/usr/bin/env bash
# Expected: as in 650, at two hundred moments.
# Long: 650 does it at twenty moments.
# Limit: 900 s
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"
. "$SUPPORT/crashes.sh"

start_crash_lab
start_numbers 120
: >"$TEMP/before"
wait_until 5 "the first datagrams" grep -q . "$TEMP/sent"
for _ in 1 2 3 4; do
    crash_unasked
    for _ in {1..12}; do
        for whom in question tidy worker daemon; do crash "$whom"; done
    done
    crash both
done
tell_kills
expect_at_least "workers that were killed while they answered" 20 "${KILLED[question]}"
expect_at_least "workers that were killed while they made an index" 10 "${KILLED[tidy]}"
expect_whole_spool
