#!/usr/bin/env bash
# An ARP exchange: both directions, with the protocol addresses.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
start_ctl capture start -i eth0 -f arp --json --name neighbours
wait_until 10 "the capture" job_runs neighbours
in_b ip neigh flush dev eth0
in_a ip neigh flush dev eth0
ping_a 1
wait_until 3 "the exchange" has_lines 2 "$OUT/capture.out" ''
interrupt capture
expect_status 0
jq -es 'map(select(.source.ip == "10.77.0.2" and .destination.ip == "10.77.0.1")) | length >= 1' \
    "$OUT/capture.out" >/dev/null || fail "no ARP request from B"
jq -es 'all(.packetsentry.protocol == "ARP")' "$OUT/capture.out" >/dev/null || fail "something that is not ARP"
