#!/usr/bin/env bash
# A thousand connections of one user, and as many more as it can make, leave another's requests as quick as they were.
# Runs alone: it measures time.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

# The best of a few rounds: the machine has other things to do as well.
quickest() { # CROWD LINK
    awk -v crowd="$1" -v link="$2" '$1 == crowd && $2 == link { if (best == "" || $5 < best) best = $5 } END { print best }' "$OUT/latency"
}

expect_near() { # LINK MILLISECONDS
    local away there
    away=$(quickest away "$1")
    there=$(quickest there "$1")
    printf 'p99 on %s connection: %s ms without the crowd, %s ms with it\n' "$3" "$away" "$there"
    awk -v away="$away" -v there="$there" -v few="$2" 'BEGIN { exit !(there <= 2 * away || there <= few) }' ||
        fail "p99 of '$1': $away ms without the crowd, $there ms with it"
}

BIN=$BIN "$SUPPORT/../bench/latency.sh" 2 1000 >"$OUT/latency" 2>"$OUT/latency.err"
cat "$OUT/latency"
expect_near same 5 "a standing"
expect_near new 20 "a new"
expect_line "$OUT/latency" '"refusals":\{"connections":[0-9]{3,}\}'
