#!/usr/bin/env bash
# A thousand clients of each kind that come and go at once: none is left, others are served meanwhile.
# Runs alone: it takes all that a user may have of the machine.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

printf '[clients]\nrequests_per_second = 1000000\n' >"$TEMP/quick.toml"
start_daemon --config "$TEMP/quick.toml"
remember_daemon
for what in silent greeted status half; do
    (attack churn 1000 "$what" >"$OUT/churn.out") &
    PIDS[churn]=$!
    expect_served "churn: $what"
    wait_for churn 60
    expect_status 0
    cat "$OUT/churn.out"
    wait_until 20 "the clients to go" daemon_quiet
    expect_back "churn: $what"
done
