#!/usr/bin/env bash
# A terminal that takes nothing (Ctrl-S, a remote login that stands still) keeps nobody waiting: log and results
# are complete, and a signal ends the capture at once. What the terminal missed is told and adds up. A file that
# is read waits for its terminal, and loses nothing.
# Runs alone: it measures time.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_on_terminal() { # NAME ARGUMENTS…
    local name=$1
    shift
    rm -f "$TEMP/$name.read"
    as_user member
    (cd "$WORK" && exec python3 -B "$SUPPORT/stalled_terminal.py" "$TEMP/$name.pid" "$TEMP/$name.read" \
        "$OUT/$name.screen" "${AS[@]}" packetsentryctl --no-color "$@") >"$OUT/$name.out" 2>"$OUT/$name.err" </dev/null &
    PIDS[$name]=$!
    wait_until 10 "'$name' on its terminal" test -s "$TEMP/$name.pid"
}

rows_of_screen() { # NAME
    tr -d '\r' <"$OUT/$1.screen" | grep -ac ' - UDP ' || true
}

start_daemon
for signal in TERM HUP INT; do
    rm -f "$WORK"/packetsentry*
    start_on_terminal capture start -i eth0 --bpf 'udp and dst host 10.77.0.1' --name "by-$signal"
    wait_until 10 "the capture" job_runs "by-$signal"
    send_numbered 20000 5000 20000
    wait_until 10 "the log" has_lines 5000 "$WORK/packetsentry.log" ' - UDP '
    wait_until 5 "the results" has_lines 5000 "$(results_file)" '^Summary: UDP '
    tell_time
    began=$NOW
    kill -"$signal" "$(cat "$TEMP/capture.pid")"
    wait_for_end "$(cat "$TEMP/capture.pid")" 5
    tell_time
    ((NOW - began < 1500000)) || fail "$signal took $(((NOW - began) / 1000)) ms"
    wait_for capture 5
    expect_status 0
    expect_line "$WORK/packetsentry.log" 'PacketSentry stopped by user$'
    expect_line "$WORK/packetsentry.log" "Results saved to $(basename "$(results_file)")$"
    missed=$(sed -nE 's/.* - ([0-9]+) rows were not shown: the terminal did not accept them$/\1/p' "$WORK/packetsentry.log")
    # What a write() that waits has written already, nobody knows: that are a few rows more on the terminal.
    both=$(($(rows_of_screen capture) + missed))
    expect_at_least "rows on the terminal, and those that the log says were not shown" 5000 "$both"
    expect_at_least "rows counted twice at the most" $((both - 5000)) 20
done

# More than may wait for a terminal: the rest is told once it takes something again.
rm -f "$WORK"/packetsentry*
start_on_terminal flood start -i eth0 --bpf 'udp and dst host 10.77.0.1' --name flood
wait_until 10 "the capture" job_runs flood
send_numbered 10000 50000 20000
wait_until 20 "the log" has_lines 50000 "$WORK/packetsentry.log" ' - UDP '
: >"$TEMP/flood.read"
sleep 1
send_numbered 10000 1
wait_until 10 "the last row" has_lines 50001 "$WORK/packetsentry.log" ' - UDP '
wait_until 10 "the word of what was missed" grep -aq 'rows were not shown' "$OUT/flood.screen"
kill -INT "$(cat "$TEMP/flood.pid")"
wait_for flood
expect_status 0
missed=$(tr -d '\r' <"$OUT/flood.screen" | sed -nE 's/.* - ([0-9]+) rows were not shown: the terminal did not accept them$/\1/p' |
    awk '{ sum += $1 } END { print sum + 0 }')
expect_at_least "rows missed" 1 "$missed"
expect_equal "rows on the terminal" $((50001 - missed)) "$(rows_of_screen flood)"
expect_equal "the last line" "$((50001 - missed)) packets shown, $missed lost: not shown here $missed; received 50001, malformed 0" \
    "$(tr -d '\r' <"$OUT/flood.screen" | tail -n 1)"

write_capture "$WORK/some.pcap" 120000
start_on_terminal read -r some.pcap --no-files -f udp
sleep 3
: >"$TEMP/read.read"
wait_for read 30
expect_status 0
expect_equal "the last line" '80000 packets shown, none lost' "$(tr -d '\r' <"$OUT/read.screen" | tail -n 1)"
expect_equal "rows" 80000 "$(tr -d '\r' <"$OUT/read.screen" | grep -ac ' -> 192\.0\.2\.7 ')"
