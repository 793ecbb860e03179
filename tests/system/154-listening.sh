#!/usr/bin/env bash
# Where rows or packets stand alone on standard output, one line on standard error says that the capture is on,
# and every packet from then on is there. With -q the log says it. The fixed lines are on standard output, in a
# pipe too.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
for words in "--json" "-o -" "--json --redact headers"; do
    as_user member
    # shellcheck disable=SC2086
    (cd "$WORK" && exec "${AS[@]}" packetsentryctl start -i eth0 --bpf 'udp port 2000' -c 1 $words 2>"$OUT/capture.err" | cat >"$OUT/capture.out") &
    PIDS[capture]=$!
    wait_until 10 "the word that it listens ($words)" grep -qE '^listening on eth0 \(filter: udp port 2000\)(, redacted: headers only)?$' "$OUT/capture.err"
    send_numbered 2000 1
    wait_for capture 5
    [[ -s $OUT/capture.out ]] || fail "nothing came with $words"
    expect_count 1 "$OUT/capture.err" '^listening on '
done
expect_equal "what is on standard output with -o -" 0 "$(count_lines "$OUT/capture.out" 'listening|Starting')"

start_ctl quiet start -i eth0 --bpf 'udp port 2000' -c 1 -q --name quiet
wait_until 10 "the capture" job_runs quiet
send_numbered 2000 1
wait_for quiet
expect_equal "what -q prints" "" "$(cat "$OUT/quiet.out" "$OUT/quiet.err")"
expect_line "$WORK/packetsentry.log" 'Starting capture on eth0 \(filter: udp port 2000\)$'

start_capture piped start -i eth0 --bpf 'udp port 2000'
interrupt piped
for line in 'Starting capture on' 'stopped by user' 'Results saved to'; do expect_count 1 "$OUT/piped.out" "$line"; done
expect_equal "standard error" '0 packets shown, none lost' "$(cat "$OUT/piped.err")"
