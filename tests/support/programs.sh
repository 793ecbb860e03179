# The daemon and its clients, each in namespace A, each under the user it would have in life.
#
#   $BIN    the three programs, readable by everybody
#   $TEMP   of this test, removed at its end: daemon.log, state/, control.sock, and
#   $WORK   working directory of the clients, theirs
#   $OUT    what the programs printed: NAME.out and NAME.err
#
# shellcheck shell=bash

# A member of the socket's group, somebody outside it, and a second member (network.sh).
declare -A USER_ID=([member]=65534 [outsider]=65532 [other]=65533 [root]=0)

declare -A PIDS=()
ENTER_HOST=$BIN/enter_host
DAEMON_ENV=()
STATUS=0
DAEMON_PID=

# Sets AS to the words that make the user of a program that runs in namespace A.
as_user() { # member|outsider|other|root
    local groups=-
    [[ $1 != member && $1 != other ]] || groups=$SOCKET_GID
    AS=("$ENTER_HOST" "$NS_A" "${USER_ID[$1]}" "${USER_ID[$1]}" "$groups" "PATH=$BIN:$PATH" "HOME=$WORK"
        LANG=C.UTF-8 "PACKETSENTRY_SOCKET=$SOCKET" ${TERM_NAME:+TERM=$TERM_NAME} ${TEST_TZ:+TZ=$TEST_TZ})
    AS_HERE=("$ENTER_HOST" - "${AS[@]:2}") # for whoever is there already
}

# From now on another of the workers there are: "taken-over" for packetsentry-worker-taken-over.
use_worker() { # NAME
    install -m 755 -d "$TEMP/bin"
    install -m 755 "$BIN"/packetsentry{d,ctl,-worker*} "$TEMP/bin"
    BIN=$TEMP/bin
    cp "$BIN/packetsentry-worker-$1" "$BIN/packetsentry-worker"
}

start_daemon() { # [OPTIONS…]
    (
        cd "$TEMP"
        exec ip netns exec "$NS_A" env -i --default-signal=INT,QUIT,PIPE PATH="$PATH" "${DAEMON_ENV[@]}" \
            "$BIN/packetsentryd" --socket "$SOCKET" --group "$SOCKET_GROUP" --state-dir "$TEMP/state" "$@"
    ) >>"$TEMP/daemon.log" 2>&1 </dev/null &
    DAEMON_PID=$!
    wait_until 20 "the daemon's socket" daemon_answers
}

daemon_answers() {
    kill -0 "$DAEMON_PID" || fail "the daemon ended at once: $(tail -n 3 "$TEMP/daemon.log")"
    as_user root
    "${AS[@]}" packetsentryctl status
}

stop_daemon() {
    kill -TERM "$DAEMON_PID"
    wait_for_pid "$DAEMON_PID" 10
    DAEMON_PID=
}

# Runs the client to its end: $OUT/ctl.out, $OUT/ctl.err, STATUS. CTL_AS is its user (member).
ctl() {
    as_user "${CTL_AS:-member}"
    STATUS=0
    (cd "$WORK" && exec timeout --foreground 30 "${AS[@]}" packetsentryctl "$@") \
        >"$OUT/ctl.out" 2>"$OUT/ctl.err" </dev/null || STATUS=$?
}

# Runs it in the background. What an earlier one of that name printed is gone at once: nobody takes it for this one's.
start_ctl() { # NAME ARGUMENTS…
    local name=$1
    shift
    : >"$OUT/$name.out" 2>"$OUT/$name.err"
    as_user "${CTL_AS:-member}"
    (cd "$WORK" && exec "${AS[@]}" packetsentryctl "$@") >"$OUT/$name.out" 2>"$OUT/$name.err" </dev/null &
    PIDS[$name]=$!
}

# A foreground capture, up to the moment it is on.
start_capture() { # NAME ARGUMENTS…
    local name=$1
    start_ctl "$@"
    wait_until 20 "the capture '$name' to start" capture_started "$name"
}

capture_started() { # NAME
    kill -0 "${PIDS[$1]}" || fail "the client '$1' ended at once: $(tail -n 3 "$OUT/$1.err")"
    grep -q 'Starting capture on ' "$OUT/$1.out"
}

# A zombie is gone: whoever inherits it reaps it when he likes.
process_gone() { # PID
    local name='' value=''
    while read -r name value; do
        [[ $name != State: ]] || break
    done 2>/dev/null <"/proc/$1/status" || return 0
    [[ -z $value || $value == [ZX]* ]]
}

wait_for_end() { # PID SECONDS
    local deadline
    tell_time
    deadline=$((NOW + $2 * 1000000))
    until process_gone "$1"; do
        tell_time
        ((NOW < deadline)) || fail "process $1 ($(tr '\0' ' ' <"/proc/$1/cmdline")) did not end within $2 s"
        pause 0.02
    done
}

wait_for_pid() { # PID SECONDS
    wait_for_end "$@"
    STATUS=0
    wait "$1" || STATUS=$?
}

wait_for() { # NAME [SECONDS]
    wait_for_pid "${PIDS[$1]}" "${2:-10}"
}

# Ctrl-C.
interrupt() { # NAME
    kill -INT "${PIDS[$1]}"
    wait_for "$1"
}

# The newest worker of the daemon.
worker_pid() {
    pgrep -n -P "$DAEMON_PID" || true
}

results_file() {
    find "$WORK" -maxdepth 1 -name 'packetsentry_results_????????_??????.txt' | sort | tail -n 1
}
