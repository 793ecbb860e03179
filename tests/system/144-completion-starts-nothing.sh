#!/usr/bin/env bash
# Where systemd listens for a daemon that was stopped, the Tab key does not start it: completion does not connect. While
# the daemon runs it completes jobs and interfaces.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

# In systemd's place: whether anybody has connected.
(exec ip netns exec "$NS_A" python3 -c 'import os, select, socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listener.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o666)
listener.listen(64)
select.select([listener], [], [])
print("connected", flush=True)
' "$SOCKET") >"$OUT/listener.out" 2>&1 </dev/null &
listener=$!
wait_until 5 "the socket" test -S "$SOCKET"
for words in "show " "start -i " "stop n" "follow " "-i e"; do
    # shellcheck disable=SC2086
    as_user member
    "${AS[@]}" packetsentryctl complete -- ${words% *} "${words##* }" >"$OUT/words" 2>&1
    expect_equal "candidates for '$words'" "" "$(cat "$OUT/words")"
done
ctl complete -- -f dn
expect_equal "candidates that need no daemon" "dns" "$(cut -f 1 "$OUT/ctl.out")"
expect_equal "what the listener saw" "" "$(cat "$OUT/listener.out")"
kill "$listener"
rm "$SOCKET"

start_daemon
ctl start -d -i eth0 --name night
ctl complete -- show n
expect_equal "candidates while it runs" "night" "$(cut -f 1 "$OUT/ctl.out")"
kill -KILL "$DAEMON_PID"
wait_for_pid "$DAEMON_PID" 5
DAEMON_PID=
ctl complete -- show n
expect_equal "candidates after its end" "" "$(cat "$OUT/ctl.out")"

# Handed a socket as by systemd, it is seen to run too.
rm -f "$SOCKET"
export SOCKET_GID
(exec ip netns exec "$NS_A" python3 "$SUPPORT/listen_fds.py" "$SOCKET" \
    "$BIN/packetsentryd" --group "$SOCKET_GROUP" --state-dir "$TEMP/state") >>"$TEMP/daemon.log" 2>&1 </dev/null &
DAEMON_PID=$!
wait_until 20 "the daemon" daemon_answers
wait_until 5 "the job's return" job_runs night
ctl complete -- show n
expect_equal "candidates of the one with systemd's socket" "night" "$(cut -f 1 "$OUT/ctl.out")"
