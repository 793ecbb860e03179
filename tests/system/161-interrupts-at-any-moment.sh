#!/usr/bin/env bash
# Ctrl-C at whatever moment of reading a file: the client ends in order (0), or, before it has begun, by the signal
# (130 in a shell). It says nothing of errors, and no worker stays.
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
start_capture last start -i eth0 -f icmp
ping_a 3
interrupt last
expect_status 0
