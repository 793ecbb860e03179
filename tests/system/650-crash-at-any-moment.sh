#!/usr/bin/env bash
# Expected: the daemon, the worker that captures, one that answers a question, one that makes an index, or all of them
# are killed under traffic, at twenty moments. Every datagram that was sent 15 s before, and every one that had been
# found before, is found. None is found twice, and no two rows have the same identity. A question whose worker is killed
# does not end as if it was complete. In the end each segment has an index.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"
. "$SUPPORT/crashes.sh"

start_crash_lab
start_numbers 1000
: >"$TEMP/before"
wait_until 5 "the first datagrams" grep -q . "$TEMP/sent"
crash_unasked
for _ in 1 2 3 4; do
    for whom in question tidy worker daemon; do crash "$whom"; done
done
for _ in 1 2 3; do crash both; done
tell_kills
expect_at_least "workers that were killed while they answered" 2 "${KILLED[question]}"
expect_at_least "workers that were killed while they made an index" 1 "${KILLED[tidy]}"
expect_whole_spool
