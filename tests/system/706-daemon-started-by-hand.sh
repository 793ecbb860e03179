#!/usr/bin/env bash
# The daemon started by hand where something is missing or odd: it captures, or ends at once with one line.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_there() { # WORDS… : the daemon, behind them, as root
    (
        cd "$TEMP"
        exec "$@" ip netns exec "$NS_A" env -i PATH="$PATH" "$BIN/packetsentryd" --socket "$SOCKET" \
            --group "$SOCKET_GID" --state-dir "$TEMP/state"
    ) >>"$TEMP/daemon.log" 2>&1 </dev/null &
    DAEMON_PID=$!
    wait_until 20 "the daemon's socket" daemon_answers
}

# A job in the background that saves, another filter for it, and an end in order.
expect_work() { # SURROUNDINGS
    ctl start -d -i eth0 --name job -o "$WORK/job.pcapng"
    expect_equal "exit status of a start: $1 ($(head -n 1 "$OUT/ctl.err"))" 0 "$STATUS"
    ping_a 3
    wait_until 5 "the packets: $1" shows_number job .ledger.recorded 3
    expect_no_capabilities "$(worker_pid)"
    ctl filter job -f icmp
    expect_equal "exit status of another filter: $1" 0 "$STATUS"
    ping_a 3
    wait_until 5 "the packets of another filter: $1" shows_number job .ledger.recorded 6
    ctl stop job
    expect_equal "exit status of the stop: $1" 0 "$STATUS"
    tcpdump -nr "$WORK/job.pcapng" >"$OUT/saved" 2>/dev/null
    expect_at_least "packets saved: $1" 6 "$(wc -l <"$OUT/saved")"
    rm "$WORK/job.pcapng"
    stop_daemon
    expect_equal "exit status of the daemon: $1" 0 "$STATUS"
}

behind_shell() { # SURROUNDINGS SHELL
    start_there sh -c "$2"'; exec "$@"' sh
    expect_work "$1"
}

expect_no_place_for_files() { # STREAMS
    start_there sh -c "exec $1"'; exec "$@"' sh
    local stream
    for stream in 0 1 2; do
        [[ $(readlink "/proc/$DAEMON_PID/fd/$stream") == /* ]] || fail "with $1 stream $stream is a socket or the like"
    done
    expect_work "closed streams: $1"
}
expect_no_place_for_files '<&- >&- 2>&-'
expect_no_place_for_files '2>&-'
behind_shell "umask 0777" 'umask 0777'
behind_shell "umask 0" 'umask 0'
behind_shell "ignored signals" 'trap "" CHLD PIPE XFSZ USR1 URG PROF VTALRM'
behind_shell "a working directory that is gone" 'mkdir gone && cd gone && rmdir ../gone'
behind_shell "an address space of 1 GiB" 'ulimit -v 1000000'
start_there env --block-signal
expect_work "blocked signals"
start_there unshare --mount --propagation private sh -c 'umount --lazy /proc; exec "$@"' sh
expect_work "no /proc"
start_there unshare --mount --propagation private sh -c 'mount -t tmpfs none /dev; exec "$@"' sh
expect_work "an empty /dev"

# Its socket can be used by its group and nobody else, whatever the umask.
start_there sh -c 'umask 0777; exec "$@"' sh
expect_equal "mode of the socket" "660 $SOCKET_GID" "$(stat -c '%a %g' "$SOCKET")"
stop_daemon

# Too few descriptors: at once and in one line.
STATUS=0
prlimit --nofile=16:16 "$BIN/packetsentryd" --socket "$SOCKET" --state-dir "$TEMP/state" 2>"$OUT/few.err" || STATUS=$?
expect_status 9
expect_line "$OUT/few.err" "cannot reserve 64 descriptors: Too many open files; allow this process more \('ulimit -n'"
