#!/usr/bin/env bash
# A hundred thousand requests whose answers nobody reads: few are taken, in their turn; others are served; who takes nothing is sent away.
# Runs alone: it takes all that a user may have of the machine.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

printf '[clients]\nreader_seconds = 5\n' >"$TEMP/brisk.toml"
start_daemon --config "$TEMP/brisk.toml"
remember_daemon
for ((i = 0; i < 8; ++i)); do
    (attack pipelined 100000 >"$OUT/pipelined$i.out") &
    PIDS[pipelined$i]=$!
done
sleep 1
expect_served "eight times 100,000 requests"
for ((i = 0; i < 8; ++i)); do
    wait_for "pipelined$i" 60
    expect_status 0
done
expect_at_least "delayed requests" 100 "$("${AS[@]}" packetsentryctl --json status | jq .delayed_requests)"
expect_served "eight times 100,000 requests"
expect_back "requests by the thousand"
