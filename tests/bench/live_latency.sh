#!/usr/bin/env bash
# How long after a packet its line is there on a quiet link, what a capture costs at rest, how many rows a second come
# through under load, and how long captures take to begin: tests/bench/live_latency.sh [PACKETS=300] [LOOPS=5]     (root)
# Asserts nothing.
count=${1:-300}
loops=${2:-5}
BIN=${BIN:-${BUILD_DIR:-$(dirname "${BASH_SOURCE[0]}")/../../build}/bin}
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

row() { printf '%-44s %s\n' "$@"; }
ticks_of() { awk '{ print $14 + $15 }' "/proc/$1/stat"; } # of CPU, 1/100 s
idle_ticks() { awk '/^cpu / { print $5 + $6 }' /proc/stat; }

quiet_link() {
    as_user root
    (cd "$WORK" && exec "${AS[@]}" packetsentryctl start -i eth0 -f udp --no-files 2>"$OUT/capture.err") |
        in_b python3 "$SUPPORT/line_latency.py" 10.77.0.1 "$count" >"$OUT/latency.out"
    row "line, median p99 longest (ms)" "$(cat "$OUT/latency.out")"
}

at_rest() {
    CTL_AS=root ctl start -d -i eth0 -f udp --name rest
    local worker idle before=$(($(idle_ticks)))
    worker=$(worker_pid)
    local used
    used=$(($(ticks_of "$worker") + $(ticks_of "$DAEMON_PID")))
    sleep 10
    used=$(($(ticks_of "$worker") + $(ticks_of "$DAEMON_PID") - used))
    idle=$(($(idle_ticks) - before))
    row "worker and daemon at rest (CPU ms a second)" "$used"
    row "idle CPUs meanwhile (of $(nproc))" "$(awk "BEGIN { print $idle / 1000 }")"
    CTL_AS=root ctl stop rest
}

under_load() {
    local packets=200000 begin wanted
    write_capture "$TEMP/load.pcap" "$packets"
    start_capture load start -i eth0 -f udp --no-files --name load
    wanted=$((packets * loops / 3 * 2))
    tell_time
    begin=$NOW
    in_b tcpreplay -q --preload-pcap --topspeed --loop="$loops" -i eth0 "$TEMP/load.pcap" >"$OUT/tcpreplay.out" 2>&1
    wait_until 60 "the rows" taken "$wanted"
    tell_time
    row "rows a second under load (dissected, printed)" "$((wanted * 1000000 / (NOW - begin)))"
    row "dropped and shed" "$(job_number load '.ledger | .dropped_by_kernel + .shed')"
    interrupt load
}
taken() { (($(job_number load '.ledger | .recorded + .dropped_by_kernel + .shed') >= $1)); }

beginnings() {
    local number i interfaces=() begin best
    for number in 1 16; do
        for ((i = ${#interfaces[@]} / 2; i < number; ++i)); do
            ip -n "$NS_A" link add "many$i" type veth peer name "end$i"
            ip -n "$NS_A" link set "many$i" up
            ip -n "$NS_A" link set "end$i" up
            interfaces+=(-i "many$i")
        done
        best=
        for i in 1 2 3; do
            tell_time
            begin=$NOW
            CTL_AS=root ctl start -d --name "begins-$number-$i" "${interfaces[@]}"
            tell_time
            [[ -n $best ]] && ((NOW - begin >= best)) || best=$((NOW - begin))
            CTL_AS=root ctl stop "begins-$number-$i"
        done
        row "a capture on $number begins within (ms)" "$((best / 1000))"
    done
}

start_daemon
quiet_link
at_rest
under_load
beginnings
