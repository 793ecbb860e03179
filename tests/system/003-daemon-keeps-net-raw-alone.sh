#!/usr/bin/env bash
# Started as root, the daemon keeps no capability but CAP_NET_RAW (bit 13), and no network listener.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
for set in CapPrm CapEff; do
    value=$(awk -v set="$set:" '$1 == set { print $2 }' "/proc/$DAEMON_PID/status")
    expect_equal "$set" 0000000000002000 "$value"
done
listeners=$(in_a ss -Hlntu)
expect_equal "network listeners" "" "$listeners"
