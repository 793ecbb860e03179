#!/usr/bin/env bash
# Ctrl-C at whatever moment of reading a file, or of a capture from its beginning on: the client ends in order (0), or,
# before it has begun, by the signal (130 in a shell). It says nothing of errors, and no worker and no job stays.
# Runs alone: it looks for workers of the same user.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_capture "$WORK/many.pcap" 60000
as_user member

interrupted_after() { # SECONDS COMMAND…
    local pid after=$1
    shift
    (cd "$WORK" && exec "${AS[@]}" packetsentryctl --no-files "$@") >"$OUT/client.out" 2>"$OUT/client.err" </dev/null &
    pid=$!
    sleep "$after"
    kill -INT "$pid" 2>/dev/null || true
    wait_for_pid "$pid" 10
    [[ $STATUS == 0 || $STATUS == 130 ]] || fail "after $after s: status $STATUS: $(cat "$OUT/client.err")"
    expect_no_line "$OUT/client.err" '[Ee]rror|cannot|[Bb]roken|died|pipe'
}

for ((i = 0; i < 15; ++i)); do
    interrupted_after "$(printf '0.%03d' $((i * 13)))" read many.pcap
    interrupted_after "$(printf '0.%03d' $((i * 13)))" --json read many.pcap
    interrupted_after "$(printf '0.%03d' $((i * 13)))" read many.pcap -o "copy$i.pcapng" -q --output-dir "$WORK"
done
[[ -z $(pgrep -u "${USER_ID[member]}" -f "^packetsentry-worker" || true) ]] || fail "a worker stayed"

start_daemon
as_user member
(ping_a 10000 || true) 2>/dev/null & # until the end of the test
# As JSON every second time. The moment counts from the client's first instruction: before that its shell, which ignores
# Ctrl-C in the background, would take the signal.
capture_interrupted_after() { # MILLISECONDS OPTIONS…
    local pid name='' after=$1
    shift
    (cd "$WORK" && exec "${AS[@]}" packetsentryctl --no-files start -i eth0 -f icmp "$@") \
        >"$OUT/client.out" 2>"$OUT/client.err" </dev/null &
    pid=$!
    until [[ $name == packetsentryctl ]]; do
        read -r name <"/proc/$pid/comm" || fail "the client ended at once: $(cat "$OUT/client.err")"
    done
    sleep "$(printf '0.%03d' "$after")"
    kill -INT "$pid"
    wait_for_pid "$pid" 3
    [[ $STATUS == 0 || $STATUS == 130 ]] || fail "after $after ms: status $STATUS: $(cat "$OUT/client.err")"
    expect_equal "words on standard error after $after ms" "" "$(grep -vE "$usual" "$OUT/client.err" || true)"
}
usual='^(listening on eth0 \(filter: icmp\)|[0-9]+ packets? shown, none lost)$'
no_job_runs() { [[ -z $("${AS[@]}" packetsentryctl list --running --no-legend) ]]; }

for ((i = 0; i < 30; i += 2)); do
    capture_interrupted_after $((i * 10))
    capture_interrupted_after $((i * 10 + 10)) --json
done
wait_until 5 "the jobs' ends" no_job_runs

start_capture last start -i eth0 -f icmp
ping_a 3
interrupt last
expect_status 0
