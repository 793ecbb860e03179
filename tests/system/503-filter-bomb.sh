#!/usr/bin/env bash
# Filters that would take a compiler minutes, or gigabytes: refused in one line, and meanwhile the daemon
# answers others as it did before.
# Runs alone: it measures time.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
ctl start -d -i eth0 --bpf "$(python3 "$SUPPORT/filter_bomb.py" hosts)"
expect_status 4
expect_one_error "$OUT/ctl.err" 'at most 4096'
for kind in ports networks; do
    start_ctl "$kind" start -i eth0 --bpf "$(python3 "$SUPPORT/filter_bomb.py" "$kind")"
done
slowest=0
for _ in {1..20}; do
    begin=$(date +%s%3N)
    CTL_AS=other ctl status
    expect_status 0
    took=$(($(date +%s%3N) - begin))
    if ((took > slowest)); then slowest=$took; fi
    sleep 0.1
done
echo "the slowest of 20 status requests took $slowest ms"
((slowest < 500)) || fail "a filter of somebody else made a request wait $slowest ms"
for kind in ports networks; do
    wait_for "$kind" 30
    expect_status 4
    expect_one_error "$OUT/$kind.err" 'too long to compile'
done
write_capture "$TEMP/read.pcap" 30
ctl read "$TEMP/read.pcap" --bpf "$(python3 "$SUPPORT/filter_bomb.py" ports)"
expect_status 4
expect_one_error "$OUT/ctl.err" 'too long to compile'
