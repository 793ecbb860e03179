#!/usr/bin/env bash
# While a capture runs, its worker has no capability in any set and cannot gain one, and no file is open to
# it but the daemon's standard error: the rest are sockets, rings and /dev/null.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
start_capture capture start -i eth0 -f icmp
worker=$(worker_pid)
[[ -n $worker ]] || fail "the daemon has no worker"
expect_equal "the worker's program" packetsentry-wo "$(cat "/proc/$worker/comm")"
field() { awk -v name="$1:" '$1 == name { print $2 }' "/proc/$worker/status"; }
for set in CapInh CapPrm CapEff CapAmb; do
    expect_equal "$set" 0000000000000000 "$(field "$set")"
done
expect_equal NoNewPrivs 1 "$(field NoNewPrivs)"
for descriptor in "/proc/$worker/fd"/*; do
    target=$(readlink "$descriptor")
    case $target in
        /dev/null | socket:* | anon_inode:* | pipe:* | "$TEMP/daemon.log") ;;
        *) fail "the worker holds $target open" ;;
    esac
done

ping_a 3
wait_until 3 "the pings" grep -q ICMP "$OUT/capture.out"
interrupt capture
expect_status 0
