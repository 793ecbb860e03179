#!/usr/bin/env bash
# The daemon tells a service manager when it is ready, keeps its watchdog fed, and says that it stops.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

python3 "$SUPPORT/notify_socket.py" "$TEMP/notify" >"$OUT/notify.out" 2>"$OUT/notify.err" &
receiver=$!
wait_until 20 "the notify socket" test -S "$TEMP/notify"
trap 'kill "$receiver" 2>/dev/null; finish' EXIT

DAEMON_ENV=("NOTIFY_SOCKET=$TEMP/notify" WATCHDOG_USEC=1000000)
start_daemon
wait_until 5 "READY=1" grep -q 'READY=1' "$OUT/notify.out"
wait_until 5 "the watchdog's second ping" has_lines 2 "$OUT/notify.out" 'WATCHDOG=1'
stop_daemon
expect_status 0
expect_line "$OUT/notify.out" 'STOPPING=1'
