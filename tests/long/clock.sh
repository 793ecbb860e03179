#!/usr/bin/env bash
# clock.sh --set-the-clock: sets the clock OF THIS MACHINE back by an hour for some seconds, and forward again,
# under 3,000 datagrams/s and with the filter changed before, meanwhile and afterwards. Every datagram is
# recorded and saved once and in its order, the row where time goes back is marked, both are told, and what is
# timed by duration keeps its time. Needs root; not for a machine whose other work minds the clock.
[[ ${1:-} == --set-the-clock ]] || {
    sed -n '2,5s/^# //p' "$0" >&2
    exit 1
}
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

hours_off=0
set_clock() { # HOURS
    python3 -c 'import sys, time
time.clock_settime(time.CLOCK_REALTIME, time.clock_gettime(time.CLOCK_REALTIME) + 3600 * int(sys.argv[1]))' "$1"
    hours_off=$((hours_off + $1))
}
restore_clock() { ((hours_off == 0)) || set_clock $((-hours_off)); }
clean_up() { restore_clock; }

uptime_seconds() { cut -d. -f1 /proc/uptime; }
change() { # FILTER_OPTIONS…
    ctl filter flood "$@"
    expect_status 0
}

start_daemon
count=36000
start_ctl capture start -i eth0 -f udp --json --name flood -o flood.pcap
wait_until 10 "the capture" job_runs flood
begin=$(uptime_seconds)
start_ctl timed start -i eth0 -f arp -a duration:14s --name timed --no-files
send_numbered 2000 "$count" 3000 &
sender=$!
sleep 2
change -f udp --filter-ip 10.77.0.1
sleep 1
set_clock -1
sleep 2
change --bpf udp
sleep 2
set_clock 1
sleep 1
change -f udp --filter-ip 10.77.0.2
wait "$sender"
wait_until 10 "the last datagram" grep -q "\"port\":$((2000 + count - 1))[,}]" "$OUT/capture.out"
interrupt capture
expect_status 0
wait_for timed 20
expect_status 0
elapsed=$(($(uptime_seconds) - begin))
((elapsed >= 13 && elapsed <= 17)) || fail "14 s took $elapsed s"

expect_equal "datagrams in the rows, in order" "$(seq 2000 $((2000 + count - 1)) | md5sum)" \
    "$(jq -r .destination.port "$OUT/capture.out" | md5sum)"
expect_equal "datagrams in the file, in order" "$(seq 2000 $((2000 + count - 1)) | md5sum)" \
    "$(tcpdump -nr "$WORK/flood.pcap" 2>/dev/null | sed -n 's/.* > 10\.77\.0\.1\.\([0-9]*\): .*/\1/p' | md5sum)"
expect_equal "rows marked" 1 "$(jq -r 'select(.packetsentry.time_back) | 1' "$OUT/capture.out" | wc -l)"
expect_count 1 "$TEMP/daemon.log" 'the clock was set back by 3(599\.9|600\.[0-9]) s'
expect_count 1 "$TEMP/daemon.log" 'the clock was set forward by 3(599\.9|600\.[0-9]) s'
expect_line "$OUT/capture.err" 'the clock was set back by'
echo "ok: $count datagrams over a clock set an hour back and forward"
