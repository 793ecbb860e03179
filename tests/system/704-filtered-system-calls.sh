#!/usr/bin/env bash
# Under what a container lets its programs ask of the kernel: today's default of Docker, one that knows no younger
# calls and one on a kernel without them. The client reads a file; the daemon captures, filters anew and stops.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"
. "$SUPPORT/surroundings.sh"

refuse_calls=$SUPPORT/refuse_calls.py
python3 "$refuse_calls" docker true 2>"$OUT/refuse.err" || skip "no filter of system calls: $(head -n 1 "$OUT/refuse.err")"
prepare_reading
# The member has to find it.
install -m 644 "$refuse_calls" "$TEMP/refuse_calls.py"
for profile in docker old ancient; do
    INSIDE=(python3 "$TEMP/refuse_calls.py" "$profile")
    expect_reads "system calls by the profile '$profile'"
    INSIDE=(unshare --user --map-root-user python3 "$TEMP/refuse_calls.py" "$profile")
    expect_reads "the profile '$profile' as root of one id"
done
as_usual

start_filtered_daemon() { # PROFILE
    (
        cd "$TEMP"
        exec ip netns exec "$NS_A" env -i --default-signal=INT,QUIT,PIPE PATH="$PATH" \
            python3 "$refuse_calls" "$1" "$BIN/packetsentryd" --socket "$SOCKET" --group "$SOCKET_GROUP" \
            --state-dir "$TEMP/state"
    ) >>"$TEMP/daemon.log" 2>&1 </dev/null &
    DAEMON_PID=$!
    wait_until 20 "the daemon's socket" daemon_answers
}
start_filtered_daemon docker
start_capture live -i eth0 --no-files
ping_a 3
wait_until 5 "the packets" has_lines 3 "$OUT/live.out" ' - ICMP '
interrupt live
expect_status 0
stop_daemon
expect_status 0

# What it cannot do without is named.
start_filtered_daemon ancient
ctl -i eth0 --no-files
expect_status 9
expect_one_error "$OUT/ctl.err" 'cannot watch a worker: .*; packetsentryd needs pidfd_open\(2\)'
stop_daemon
expect_status 0

# A refusal of clone3() that does not say "no such call" lets the C library make no thread.
STATUS=0
timeout 20 python3 "$refuse_calls" old "$BIN/packetsentryd" --socket "$TEMP/old.sock" --state-dir "$TEMP/old" \
    2>"$OUT/old.err" || STATUS=$?
expect_status 9
expect_line "$OUT/old.err" "the system refuses something that packetsentryd needs, most likely a thread: .*; a limit"
