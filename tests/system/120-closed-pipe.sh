#!/usr/bin/env bash
# A reader that goes away ends the client quietly, and the job with it.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
as_user member
mkfifo "$TEMP/pipe"
head -n 2 "$TEMP/pipe" >"$OUT/head.out" &
(cd "$WORK" && exec "${AS[@]}" packetsentryctl start -i eth0 -f icmp --name piped) >"$TEMP/pipe" 2>"$OUT/client.err" </dev/null &
PIDS[client]=$!
wait_until 10 "the job" job_runs piped
for _ in 1 2 3 4 5 6; do ping_a 1; sleep 0.1; done
wait_for client
expect_equal "words on standard error" "" "$(grep -iE 'error|broken|pipe' "$OUT/client.err" || true)"
wait_until 3 "the job's end" job_over piped
