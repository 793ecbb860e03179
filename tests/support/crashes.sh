# Processes of a daemon that keeps a standing job are killed under traffic, and what must be found is found.
# Sourced by the tests that do so, behind test.sh.
# shellcheck shell=bash

FIRST_NUMBER=1024

start_crash_lab() {
    mkdir -m 0755 "$TEMP/jobs"
    printf 'interface = ["eth0"]\nfilter = { protocol = ["udp"] }\nreaders = { groups = ["%s"] }\n[keep.packets]\nage = "1d"\n' \
        "$SOCKET_GROUP" >"$TEMP/jobs/lab.toml"
    start_lab_daemon
    mkfifo "$TEMP/unread"
}

start_lab_daemon() {
    start_daemon --jobs-dir "$TEMP/jobs"
    wait_until 20 "the standing job" job_runs lab
}

start_numbers() { # A_SECOND
    : >"$TEMP/sent"
    send_numbered "$FIRST_NUMBER" $((65536 - FIRST_NUMBER)) "$1" "$TEMP/sent" &
    SENDER=$!
}

# The lowest number that was perhaps not sent so many seconds before the time, which is in microseconds.
sent_before() { # TIME SECONDS
    awk -v first="$FIRST_NUMBER" -v time="$1" -v seconds="$2" \
        'BEGIN { number = first } $2 / 1000 <= time - seconds * 1000000 { number = $1 } END { print number }' "$TEMP/sent"
}

# Sets CAPTURING to the worker that captures, which alone has the packets of a segment open to write.
find_capturing() {
    local pid
    CAPTURING=
    for pid in $(pgrep -P "$DAEMON_PID"); do
        [[ -z $(find "/proc/$pid/fd" -lname '*.pcapng' -perm -200 ! -perm -400 2>/dev/null) ]] || CAPTURING=$pid
    done
    [[ -n $CAPTURING ]]
}

# Writes the numbers that are found now, in order, to the file.
find_numbers() { # FILE
    ctl search -T fields -e destination.port
    expect_status 0
    sort "$OUT/ctl.out" >"$1"
}

# What was found stays found, and nothing is found twice.
expect_all_that_was_found() { # MOMENT
    find_numbers "$TEMP/found"
    expect_equal "numbers found twice after $1" "" "$(uniq -d "$TEMP/found" | head -n 5 | tr '\n' ' ')"
    expect_equal "numbers no longer found after $1" "" "$(comm -23 "$TEMP/before" "$TEMP/found" | head -n 5 | tr '\n' ' ')"
    mv "$TEMP/found" "$TEMP/before"
}

back_from_restart() { # RESTARTS
    (($(job_number lab .worker_restarts) > $1)) && job_runs lab && find_capturing
}

declare -A KILLED=([both]=0 [daemon]=0 [worker]=0 [tidy]=0 [question]=0)

kill_daemon() { # [ANOTHER PROCESS]
    kill -KILL "$DAEMON_PID" "$@"
    wait "$DAEMON_PID" 2>/dev/null || true
    start_lab_daemon
}

kill_both() {
    find_capturing || fail "nobody captures"
    kill_daemon "$CAPTURING"
}

kill_worker() {
    local before
    before=$(job_number lab .worker_restarts)
    find_capturing || fail "nobody captures"
    kill -KILL "$CAPTURING"
    wait_until 30 "another worker" back_from_restart "$before"
}

# That of a worker which is killed just before.
kill_tidy() {
    python3 "$SUPPORT/kill_tidy.py" "$DAEMON_PID" 10 >"$OUT/kill_tidy.out" &
    local killer=$!
    wait_until 10 "whoever watches" grep -q watching "$OUT/kill_tidy.out"
    kill_worker
    wait "$killer"
    grep -q killed "$OUT/kill_tidy.out"
}

answers() { # Sets ANSWERING to a worker that answers a question.
    local pid
    ANSWERING=
    for pid in $(pgrep -P "$DAEMON_PID"); do
        [[ -z $(find "/proc/$pid/fd" -lname 'pipe:*' 2>/dev/null) ]] || { ANSWERING=$pid; return 0; }
    done
    return 1
}

read_late() {
    local i
    for ((i = 0; i < 500; ++i)); do
        [[ ! -e $TEMP/read ]] || break
        sleep 0.02
    done
    cat
}

# Whose reader reads nothing until then, so that it lives long enough. Newest first is the longest answer.
kill_question() {
    rm -f "$TEMP/read"
    (read_late) <"$TEMP/unread" >"$OUT/question.out" &
    local reader=$!
    as_user member
    (cd "$WORK" && exec "${AS[@]}" packetsentryctl search --reverse) >"$TEMP/unread" 2>"$OUT/question.err" </dev/null &
    PIDS[question]=$!
    sleep "0.1$((RANDOM % 10))"
    if answers; then kill -KILL "$ANSWERING"; fi
    touch "$TEMP/read"
    wait_for question
    wait "$reader"
    [[ -n $ANSWERING ]] || return 1 # there were too few rows, and the pipe has taken all
    [[ $STATUS != 0 ]] || fail "a question whose worker was killed ended as if its answer was complete"
}

# At any moment, shortly after a question, which has the open block written.
crash() { # WHOM
    find_numbers "$TEMP/before.now"
    sort -u "$TEMP/before" "$TEMP/before.now" >"$TEMP/before.all"
    mv "$TEMP/before.all" "$TEMP/before"
    sleep "0.$((RANDOM % 3))$((RANDOM % 10))"
    if "kill_$1"; then KILLED[$1]=$((KILLED[$1] + 1)); fi
    expect_all_that_was_found "a kill of the $1"
}

# Nobody asks for a while, so that the worker alone decides when it writes. Then all is killed at once, and what was
# sent 15 s before is found.
crash_unasked() {
    local from until
    tell_time
    from=$(($(sent_before "$NOW" 0) + 64))
    sleep 17
    tell_time
    until=$(sent_before "$NOW" 15)
    kill_both
    KILLED[both]=$((KILLED[both] + 1))
    ((until > from)) || fail "nothing was sent 15 s before"
    seq "$from" $((until - 1)) | sort - "$TEMP/before" | uniq >"$TEMP/promised"
    mv "$TEMP/promised" "$TEMP/before"
    expect_all_that_was_found "a kill of everything"
}

tell_kills() {
    local whom
    for whom in "${!KILLED[@]}"; do echo "killed: $whom, ${KILLED[$whom]} times"; done
}

# The identity of a row is its job, table, run and number.
expect_identities() { # WHERE
    python3 "$SUPPORT/spool_frames.py" "$1" | sort -k 1,1n -k 2,2n -k 3,3n -k 4,4n >"$TEMP/frames"
    expect_equal "frames with numbers that another one has" "" "$(awk '{
        if ($1 " " $2 " " $3 == table && $4 < next_number) print
        table = $1 " " $2 " " $3; next_number = $4 + $5
    }' "$TEMP/frames" | head -n 3)"
}

# The last look: at all rows with their packets, and at the files.
expect_whole_spool() {
    local rows
    stop_sender "$SENDER"
    expect_identities "$TEMP/state/spool"
    ctl search --json -o found.pcapng
    expect_status 0
    expect_no_line "$OUT/ctl.err" 'damaged|cannot'
    rows=$(wc -l <"$OUT/ctl.out")
    expect_equal "packets of the rows" "$rows" "$(capinfos -McT "$WORK/found.pcapng" 2>/dev/null | tail -n 1 | cut -f 2)"
    expect_equal "numbers" "$rows" "$(jq .destination.port "$OUT/ctl.out" | sort -u | wc -l)"
    wait_until 20 "an index of each closed segment" all_indexed
}

all_indexed() { (($(find "$TEMP/state/spool" -name '*.index' | wc -l) >= $(find "$TEMP/state/spool" -name '*.rows' | wc -l) - 1)); }
