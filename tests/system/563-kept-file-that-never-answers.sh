#!/usr/bin/env bash
# A job's output was kept over a restart, in a file system of its user's own that answers nothing any more: the
# others neither wait nor miss a capture.
# Runs alone: it takes all that a user may have of the machine.
# Long: 562 and 564 show in every run that the loop never waits for a file.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

[[ -c /dev/fuse ]] || skip "there is no /dev/fuse"
start_daemon
ctl start -d -i eth0 --name saving -o saved.pcap
expect_status 0
stop_daemon

(exec ip netns exec "$NS_A" env -i PATH="$PATH" PYTHONPATH="$SUPPORT" PYTHONDONTWRITEBYTECODE=1 TMPDIR="$TEMP" \
    python3 "$SUPPORT/hung_file.py" keep "$TEMP/server.pid" "$SOCKET" \
    "$BIN/packetsentryd" --group "$SOCKET_GROUP" --state-dir "$TEMP/state") >>"$TEMP/daemon.log" 2>&1 </dev/null &
DAEMON_PID=$!
wait_until 20 "the daemon" daemon_answers
expect_equal "id of the job" 1 "$(job_number saving .id)"
expect_start() {
    CTL_AS=other ctl start -d -i eth0 --name others
    expect_status 0
    CTL_AS=other ctl stop others
    expect_status 0
}
expect_quick 30 "requests" expect_served "while a kept file does not answer"
expect_quick 5 "starts" expect_start
# Until then no process that has it could end.
kill -KILL "$(cat "$TEMP/server.pid")"
