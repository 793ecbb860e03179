#!/usr/bin/env bash
# The daemon tells a service manager when it is ready, keeps its watchdog fed as long as its loop turns, and not
# by another thread, and says that it stops.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

python3 "$SUPPORT/notify_socket.py" "$TEMP/notify" >"$OUT/notify.out" 2>"$OUT/notify.err" &
receiver=$!
wait_until 20 "the notify socket" test -S "$TEMP/notify"
stopper=
clean_up() { kill "$receiver" $stopper 2>/dev/null; }

DAEMON_ENV=("NOTIFY_SOCKET=$TEMP/notify" WATCHDOG_USEC=1000000)
start_daemon
wait_until 5 "READY=1" grep -q 'READY=1' "$OUT/notify.out"
wait_until 5 "the watchdog's second ping" has_lines 2 "$OUT/notify.out" 'WATCHDOG=1'

python3 "$SUPPORT/stop_thread.py" "$DAEMON_PID" >"$OUT/stop.out" 2>"$OUT/stop.err" &
stopper=$!
wait_until 5 "the loop to be stopped" grep -q stopped "$OUT/stop.out"
others=0
for thread in "/proc/$DAEMON_PID/task"/*; do
    [[ ${thread##*/} != "$DAEMON_PID" ]] || continue
    state=$(sed -n 's/^State:\t\(.\).*/\1/p' "$thread/status" 2>/dev/null) || continue  # it has ended meanwhile
    others=$((others + 1))
    [[ $state == [SRD] ]] || fail "another thread than the loop's is stopped"
done
expect_at_least "threads beside the loop" 1 "$others"
sleep 0.2  # what was sent before
pings=$(count_lines "$OUT/notify.out" 'WATCHDOG=1')
sleep 2
expect_equal "pings of a daemon whose loop stands still for 2 s" "$pings" "$(count_lines "$OUT/notify.out" 'WATCHDOG=1')"
kill "$stopper"
wait_until 5 "pings of the loop that goes on" has_lines $((pings + 2)) "$OUT/notify.out" 'WATCHDOG=1'

stop_daemon
expect_status 0
expect_line "$OUT/notify.out" 'STOPPING=1'
