#!/usr/bin/env bash
# Expected: the reader of "-o -" is slower than the packets. When the capture ends, it gets all of them, however long it
# takes. One that takes nothing any more is not waited for, nor is any after a second Ctrl-C: what is not saved is
# counted, and the status is 3.
# Runs alone: it counts what is lost under load.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
write_capture "$TEMP/flood.pcap" 30000
sent=20000

# A capture into a slow reader's file NAME.pcap, up to where all packets are recorded.
capture_into_reader() { # NAME START_OPTIONS READER_ARGUMENTS…
    local name=$1 options=$2
    shift 2
    rm -f "$TEMP/pipe"
    mkfifo "$TEMP/pipe"
    python3 "$SUPPORT/slow_reader.py" "$TEMP/$name.pcap" "$@" <"$TEMP/pipe" &
    reader=$!
    as_user member
    # shellcheck disable=SC2086
    (cd "$WORK" && exec "${AS[@]}" packetsentryctl start -i eth0 -f udp --name "$name" -o - $options) \
        >"$TEMP/pipe" 2>"$OUT/$name.err" </dev/null &
    PIDS[$name]=$!
    wait_until 10 "the capture" job_runs "$name"
    in_b tcpreplay -q --preload-pcap --topspeed -i eth0 "$TEMP/flood.pcap" >"$OUT/tcpreplay.out" 2>&1
    wait_until 20 "all rows" shows_number "$name" .ledger.recorded "$sent"
}
saved() { capinfos -McT "$TEMP/$1.pcap" 2>/dev/null | tail -n 1 | cut -f 2; }

# About a third of a megabyte a second: the rest takes some seconds.
capture_into_reader slow "" 300
kill -INT "${PIDS[slow]}"
wait_until 5 "the word of it" grep -q 'packets wait for it' "$OUT/slow.err"
wait_for slow 60
expect_status 0
wait_for_pid "$reader" 60
expect_equal "packets of the slow reader" "$sent" "$(saved slow)"
expect_equal "saved, by the count" "$sent" "$(job_number slow .ledger.saved)"

# The same where the capture ends by itself.
capture_into_reader counted "-c $sent" 300
wait_for counted 60
expect_status 0
wait_for_pid "$reader" 60
expect_equal "packets of a capture that ended by itself" "$sent" "$(saved counted)"

capture_into_reader stalled "" 300 200
interrupt stalled
expect_status 3
expect_line "$OUT/stalled.err" 'packets are not in standard output, because its reader did not read them in time'
job_number stalled .ledger | jq -e '.saved + .not_saved == .recorded and .not_saved > 0' >/dev/null ||
    fail "what was not saved is not counted: $(job_number stalled .ledger)"
kill -KILL "$reader"

capture_into_reader hurried "" 30
kill -INT "${PIDS[hurried]}"
wait_until 5 "the word of it" grep -q 'packets wait for it' "$OUT/hurried.err"
kill -INT "${PIDS[hurried]}"
wait_for hurried 1
expect_status 3
expect_line "$OUT/hurried.err" 'up to [0-9]+ packets are not in standard output'
wait_until 3 "the job's end" job_over hurried
job_number hurried .ledger | jq -e '.saved + .not_saved == .recorded and .not_saved > 0' >/dev/null ||
    fail "what was not saved is not counted: $(job_number hurried .ledger)"
kill -KILL "$reader"
