# What the daemon holds of the machine: descriptors, threads, memory, and whether it is back where it was.
# shellcheck shell=bash

daemon_descriptors() { find "/proc/$DAEMON_PID/fd" -mindepth 1 | wc -l; }
daemon_threads() { find "/proc/$DAEMON_PID/task" -mindepth 1 -maxdepth 1 | wc -l; }
daemon_rss_kib() { sed -n 's/^VmRSS:[\t ]*\([0-9]*\) kB/\1/p' "/proc/$DAEMON_PID/status"; }
daemon_ticks() { awk '{ print $14 + $15 }' "/proc/$DAEMON_PID/stat"; } # of CPU, 1/100 s

# Leaves the daemon so many free descriptors.
leave_descriptors() { # COUNT
    local limit=0 free=0
    while ((free < $1)); do
        [[ -e /proc/$DAEMON_PID/fd/$limit ]] || ((++free))
        ((++limit))
    done
    prlimit --pid "$DAEMON_PID" --nofile="$limit:4096"
}

declare -A HELD=()

# Once the daemon is warm: what it allocates for its first clients it keeps.
remember_daemon() {
    local i
    for ((i = 0; i < 5; ++i)); do ctl status; done
    wait_until 20 "the daemon to be at rest" daemon_quiet
    HELD=([descriptors]=$(daemon_descriptors) [threads]=$(daemon_threads) [rss]=$(daemon_rss_kib))
}

# Its clients are gone: only who asks is there.
daemon_quiet() {
    as_user root
    [[ $("${AS[@]}" packetsentryctl --json status | jq .clients) == 1 ]]
}

back_to_it() { # KIB
    (($(daemon_descriptors) <= HELD[descriptors] && $(daemon_threads) <= HELD[threads])) &&
        (($(daemon_rss_kib) <= HELD[rss] + $1))
}

held_now() {
    echo "$(daemon_descriptors) descriptors, $(daemon_threads) threads, $(daemon_rss_kib) KiB"
}

# After WHAT the daemon holds no more than remember_daemon saw, but for a few KIB of memory (4096).
expect_back() { # WHAT [KIB]
    local deadline=$((SECONDS + 20))
    until back_to_it "${2:-4096}"; do
        ((SECONDS < deadline)) || fail "$1: it held ${HELD[descriptors]} descriptors, ${HELD[threads]} threads," \
            "${HELD[rss]} KiB, and holds $(held_now)"
        pause 0.1
    done
    printf '%s: back to %s\n' "$1" "$(held_now)"
}

# Another user is served, at once.
expect_served() { # WHAT
    CTL_AS=other ctl status
    [[ $STATUS == 0 ]] || fail "$1: another user is not served: $(cat "$OUT/ctl.err")"
}

# None of so many takes a second.
expect_quick() { # TIMES WHAT COMMAND…
    local i begin took slowest=0 times=$1 what=$2
    shift 2
    for ((i = 0; i < times; ++i)); do
        tell_time
        begin=$NOW
        "$@"
        tell_time
        took=$((NOW - begin))
        ((took <= slowest)) || slowest=$took
    done
    echo "the slowest of $times $what took $((slowest / 1000)) ms"
    ((slowest < 1000000)) || fail "one of the $what took $((slowest / 1000)) ms"
}

# How many refusals of a kind the daemon has counted.
refusals() { # KIND
    as_user root
    "${AS[@]}" packetsentryctl --json status | jq ".refusals.$1 // 0"
}

# Runs an attack as a member: attack.py NAME ARGUMENTS…
attack() {
    as_user "${ATTACK_AS:-member}"
    (cd "$WORK" && exec timeout --foreground 60 "${AS[@]}" PYTHONPATH="$SUPPORT" PYTHONDONTWRITEBYTECODE=1 \
        python3 "$SUPPORT/attack.py" "$@") 2>&1 || fail "attack $*: status $?"
}

# With the least claim to the CPUs: what counts is what the daemon makes of it.
start_crowd() { # NAME COUNT
    as_user "${CTL_AS:-member}"
    (exec nice -n 19 prlimit --nofile=4096 "${AS[@]}" PYTHONPATH="$SUPPORT" PYTHONDONTWRITEBYTECODE=1 \
        python3 "$SUPPORT/crowd.py" "$2") >"$OUT/$1.out" 2>"$OUT/$1.err" </dev/null &
    PIDS[$1]=$!
    wait_until 20 "the crowd" grep -q here "$OUT/$1.out"
}

# Prints latency.py's lines, asked by another user.
measure_latency() { # SECONDS
    as_user other
    "${AS[@]}" PYTHONPATH="$SUPPORT" PYTHONDONTWRITEBYTECODE=1 python3 "$SUPPORT/latency.py" "$1"
}
