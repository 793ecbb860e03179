#!/usr/bin/env bash
# Expected: on a quiet link a packet's line is there within 10 ms, for 99 packets in 100. That is measured by
# tests/bench/live_latency.sh on an idle machine. The limits here are wider, as a test machine has other things to do, and
# the best of three runs counts; but they are below what it was when packets waited for others in the kernel's ring and in
# a batch: 39 to 63 ms in the middle, and 70 ms for the slowest in a hundred.
# Runs alone: it measures time.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

MEDIAN_LIMIT=10 # ms
P99_LIMIT=25    # ms

measure_lines() {
    as_user member
    (cd "$WORK" && exec timeout 25 "${AS[@]}" packetsentryctl start -i eth0 -f udp --no-files 2>"$OUT/capture.err") |
        in_b python3 "$SUPPORT/line_latency.py" 10.77.0.1 100 >"$OUT/latency.out"
    echo "median, p99, longest: $(cat "$OUT/latency.out") ms"
}
within_limits() { awk "{ exit !(\$1 <= $MEDIAN_LIMIT && \$2 <= $P99_LIMIT) }" "$OUT/latency.out"; }

start_daemon
for _ in 1 2 3; do
    measure_lines
    if within_limits; then exit; fi
done
fail "in none of three runs: $MEDIAN_LIMIT ms in the middle and $P99_LIMIT ms for 99 in 100"
