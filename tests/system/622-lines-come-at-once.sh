#!/usr/bin/env bash
# Expected: on a quiet link a packet's line is there within some milliseconds (tests/bench/live_latency.sh measures how
# many). The limit here is wide, as a test machine has other things to do; it was 39 to 63 ms when packets waited for
# others in the kernel's ring and in a batch.
# Runs alone: it measures time.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
as_user member
(cd "$WORK" && exec timeout 60 "${AS[@]}" packetsentryctl start -i eth0 -f udp --no-files 2>"$OUT/capture.err") |
    in_b python3 "$SUPPORT/line_latency.py" 10.77.0.1 100 >"$OUT/latency.out"
echo "median, p99, longest: $(cat "$OUT/latency.out") ms"
read -r median _ <"$OUT/latency.out"
((${median%.*} < 25)) || fail "a line takes $median ms in the middle"
