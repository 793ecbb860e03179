#!/usr/bin/env bash
# Started as root, the daemon keeps no capability but CAP_NET_RAW (bit 13), no network listener, and leaves no core.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
for set in CapPrm CapEff; do
    value=$(awk -v set="$set:" '$1 == set { print $2 }' "/proc/$DAEMON_PID/status")
    expect_equal "$set" 0000000000002000 "$value"
done
listeners=$(in_a ss -Hlntu)
expect_equal "network listeners" "" "$listeners"
# Rows of everybody's captures are in its memory: no core file, no debugger of its own user.
expect_line "/proc/$DAEMON_PID/limits" '^Max core file size +0 +0 '
stop_daemon
start_daemon --user daemon
expect_equal "owner of what /proc has of it" root "$(stat -c %U "/proc/$DAEMON_PID/mem")"
