#!/usr/bin/env bash
# A socket left behind by a killed daemon is replaced; one that a daemon serves is not taken from it.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
kill -KILL "$DAEMON_PID"
wait_for_pid "$DAEMON_PID" 5
[[ -S $SOCKET ]] || fail "the killed daemon left no socket: nothing to test"
start_daemon

second=0
timeout 10 ip netns exec "$NS_A" "$BIN/packetsentryd" --socket "$SOCKET" --group "$SOCKET_GROUP" \
    --state-dir "$TEMP/state2" >"$OUT/second.out" 2>"$OUT/second.err" </dev/null || second=$?
((second != 0 && second != 124)) || fail "a second daemon on the same socket: status $second"
expect_line "$OUT/second.err" "$SOCKET"
ctl status
expect_status 0

# A file that is no socket is nobody's to delete.
echo precious >"$TEMP/file"
timeout 10 ip netns exec "$NS_A" "$BIN/packetsentryd" --socket "$TEMP/file" --group "$SOCKET_GROUP" \
    --state-dir "$TEMP/state2" >"$OUT/third.out" 2>"$OUT/third.err" </dev/null && fail "a file was taken for a socket"
expect_equal "the file" precious "$(cat "$TEMP/file")"
