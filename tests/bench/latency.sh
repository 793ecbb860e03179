#!/usr/bin/env bash
# How long one user's requests take while another holds a thousand connections and goes on connecting:
# tests/bench/latency.sh [SECONDS=5] [CONNECTIONS=1000]      (root)
# Asks by turns with the crowd away and there, three times each, and prints milliseconds. Asserts nothing.
seconds=${1:-5}
connections=${2:-1000}
BIN=${BIN:-${BUILD_DIR:-$(dirname "${BASH_SOURCE[0]}")/../../build}/bin}
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

row() { printf '%-8s %-6s %8s %10s %10s %10s\n' "$@"; }

rows() { # CROWD
    local what count rest
    while read -r what count rest; do
        # shellcheck disable=SC2086
        row "$1" "$what" "$count" $rest
    done
}

# Who asks for the time must not be slowed down for asking.
printf '[clients]\nrequests_per_second = 1000000\n' >"$TEMP/quick.toml"
start_daemon --config "$TEMP/quick.toml"
row crowd link requests median p99 longest
for round in 1 2 3; do
    measure_latency "$seconds" | rows away
    start_crowd "crowd$round" "$connections"
    measure_latency "$seconds" | rows there
    kill -KILL "${PIDS[crowd$round]}"
    wait "${PIDS[crowd$round]}" 2>/dev/null || true
    wait_until 20 "the crowd to be gone" daemon_quiet
done
as_user root
"${AS[@]}" packetsentryctl --json status | jq -c '{refused, refusals}'
