#!/usr/bin/env bash
# A member orders thirteen filters at once that take their compiler as long as it may: few of them run at a time, at the
# lowest priority, and the start of somebody else's capture takes hardly longer than without.
# Runs alone: it measures time.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

# Milliseconds of the quickest of five starts, ready and stopped again.
quickest_start() {
    local best=99999 begin took
    for _ in 1 2 3 4 5; do
        begin=$(date +%s%3N)
        CTL_AS=other ctl start -d -i eth0 -f dns --name quick
        expect_status 0
        took=$(($(date +%s%3N) - begin))
        if ((took < best)); then best=$took; fi
        CTL_AS=other ctl stop quick
    done
    echo "$best"
}

compiling() { # sets WORKERS and LOWERED: the workers there are, and those with a thread of the lowest priority
    WORKERS=0 LOWERED=0
    local pid
    for pid in $(pgrep -P "$DAEMON_PID"); do
        WORKERS=$((WORKERS + 1))
        if cat "/proc/$pid"/task/*/stat 2>/dev/null | awk '$19 == 19 { lowered = 1 } END { exit !lowered }'; then
            LOWERED=$((LOWERED + 1))
        fi
    done
}

start_daemon
alone=$(quickest_start)
bomb=$(python3 "$SUPPORT/filter_bomb.py" ports)
for number in {1..13}; do start_ctl "bomb$number" start -i eth0 --bpf "$bomb" --no-files; done
both_lowered() { compiling && ((LOWERED == 2)); }
wait_until 5 "two compilers at the lowest priority" both_lowered
((WORKERS == 2)) || fail "$WORKERS workers compile for one user at once"
beside=$(quickest_start)
compiling
echo "a start takes $alone ms alone, and $beside ms beside 13 filters that are hard to compile, of which $LOWERED are being compiled"
((LOWERED > 0)) || fail "nothing was compiled any more"
((beside <= 2 * alone + 100)) || fail "another user's start took $beside ms, and $alone ms alone"

# Who gives up is not compiled for any more, and a worker that captures has the usual priority.
for number in {3..13}; do kill -INT "${PIDS[bomb$number]}"; done
for number in 1 2; do
    wait_for "bomb$number" 40
    expect_status 4
    expect_one_error "$OUT/bomb$number.err" 'too long to compile'
done
ctl start -d -i eth0 -f dns --name usual
expect_status 0
expect_equal "priorities of a worker that captures" "$(awk '{ print $19 }' "/proc/$DAEMON_PID/stat")" \
    "$(cat "/proc/$(worker_pid)"/task/*/stat | awk '{ print $19 }')"
