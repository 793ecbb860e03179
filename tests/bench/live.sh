#!/usr/bin/env bash
# Captures, dissects and saves what tcpreplay sends at top speed over a veth pair, and the same with
# "tcpdump -w" at its defaults: tests/bench/live.sh [LOOPS=10]      (200,000 packets a loop; root)
# Prints what each received and what the kernel dropped; asserts nothing.
packets=200000
loops=${1:-10}
build=${BUILD_DIR:-$(dirname "${BASH_SOURCE[0]}")/../../build}
BIN=$build/bin
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

root=$SUPPORT/../..
"$root/packaging/dependencies.sh" build bench test
cmake --build "$build" --target make_capture >/dev/null
capture=$(mktemp /dev/shm/packetsentry-bench.XXXXXX)
clean_up() { rm -f "$capture"; }
"$build/bench/make_capture" "$capture" "$packets"

replay() {
    in_b tcpreplay -q --topspeed --preload-pcap --loop="$loops" -i eth0 "$capture" >"$OUT/tcpreplay.out" 2>&1
    sed -n 's/.*, \([0-9.]*\) pps.*/\1/p' "$OUT/tcpreplay.out" | head -n 1
}

row() { printf '%-52s %10s %10s %10s %12s\n' "$@"; }

with_tcpdump() {
    (exec ip netns exec "$NS_A" env --default-signal=INT tcpdump -i eth0 -n -w "$WORK/tcpdump.pcap") \
        >"$OUT/tcpdump.err" 2>&1 &
    local pid=$!
    wait_until 5 "tcpdump" grep -q 'listening on' "$OUT/tcpdump.err"
    local speed
    speed=$(replay)
    sleep 1
    kill -INT "$pid"
    wait_for_pid "$pid" 30
    row "tcpdump -w" "$speed" "$(sed -n 's/ packets received.*//p' "$OUT/tcpdump.err")" \
        "$(sed -n 's/ packets dropped by kernel//p' "$OUT/tcpdump.err")" \
        "$(capinfos -TrcM "$WORK/tcpdump.pcap" | cut -f 2)"
    rm "$WORK/tcpdump.pcap"
}

# Until the worker has emptied its ring.
settled() {
    local before=${recorded:-none}
    recorded=$(job_number bench .ledger.recorded)
    [[ $recorded == "$before" ]] || { sleep 0.5; return 1; }
}

with_ours() { # LABEL START_OPTIONS…
    local label=$1 speed
    shift
    start_ctl bench start -i eth0 --name bench -o ours.pcap "$@"
    wait_until 5 "the capture" job_runs bench
    speed=$(replay)
    wait_until 60 "the ring to be read" settled
    row "$label" "$speed" "$(job_number bench .ledger.received)" "$(job_number bench .ledger.dropped_by_kernel)" "$recorded"
    ctl stop bench
    wait_for bench 60
    rm "$WORK/ours.pcap"
}

start_daemon
printf '%s packets sent\n\n' $((packets * loops))
row '' 'sent/s' 'received' 'dropped' 'kept'
with_tcpdump
with_ours "packetsentryctl start -d -o (dissected, saved)" -d
with_ours "packetsentryctl start -o >FILE (and printed)" --no-files
