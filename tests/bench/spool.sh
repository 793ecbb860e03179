#!/usr/bin/env bash
# What it costs to remember, and how long the past takes to answer: tests/bench/spool.sh [LOOPS=5] [A_SECOND=100000]
# (200,000 packets a loop; root; 400 MB of memory, 1 GB under TMPDIR for each five loops). Prints tables; asserts
# nothing.
packets=200000
loops=${1:-5}
speed=${2:-100000}
rounds=5
build=${BUILD_DIR:-$(dirname "${BASH_SOURCE[0]}")/../../build}
BIN=$build/bin
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

root=$SUPPORT/../..
"$root/packaging/dependencies.sh" build bench test
cmake --build "$build" --target make_capture >/dev/null
capture=$(mktemp /dev/shm/packetsentry-bench.XXXXXX)
clean_up() { rm -f "$capture"; }
"$build/bench/make_capture" "$capture" "$packets"
address=$(tcpdump -nr "$capture" -c 1 2>/dev/null | grep -o '10\.[0-9]*\.[0-9]*\.[0-9]*' | head -n 1)

# Processor time of a process, in microseconds.
processor_time() { # PID
    awk -v ticks="$(getconf CLK_TCK)" '{ printf "%d", ($14 + $15) * 1000000 / ticks }' "/proc/$1/stat"
}

settled() {
    local before=${recorded:-none}
    recorded=$(job_number "$job" .ledger.recorded)
    [[ $recorded == "$before" ]] || { sleep 0.5; return 1; }
}

record() { # LABEL
    local pid
    pid=$(worker_pid)
    in_b tcpreplay -q --pps="$speed" --preload-pcap --loop="$loops" -i eth0 "$capture" >"$OUT/tcpreplay.out" 2>&1
    recorded=none
    wait_until 60 "the ring to be read" settled
    printf '%-34s %10s %10s %10s %12s\n' "$1" "$recorded" "$(job_number "$job" .ledger.dropped_by_kernel)" \
        "$(job_number "$job" '(.ledger.not_saved + .ledger.not_kept)')" \
        "$(awk -v time="$(processor_time "$pid")" -v rows="$recorded" 'BEGIN { printf "%.2f", time / rows }')"
}

bytes_of() { # ENDING
    find "$spool" -name "*.$1" -printf '%s\n' | awk '{ sum += $1 } END { print sum + 0 }'
}

middle_of() { sort -n | sed -n "$(((rounds + 1) / 2))p"; }

ours() { # OPTIONS…
    local i
    for ((i = 0; i < rounds; i++)); do
        ctl search --explain "$@"
        sed -n 's/^Duration: *\([0-9.]*\) s$/\1/p' "$OUT/ctl.err"
    done | middle_of
}

tcpdump_over_all() { # FILTER
    local i begin
    for ((i = 0; i < rounds; i++)); do
        tell_time
        begin=$NOW
        find "$spool" -name '*.pcapng' | sort | while read -r file; do tcpdump -nr "$file" "$1" 2>/dev/null; done >/dev/null
        tell_time
        awk -v time=$((NOW - begin)) 'BEGIN { printf "%.3f\n", time / 1000000 }'
    done | middle_of
}

question() { # LABEL TCPDUMP_FILTER OPTIONS…
    local mine theirs=- ratio=-
    mine=$(ours "${@:3}")
    if [[ -n $2 ]]; then
        theirs=$(tcpdump_over_all "$2")
        ratio=$(awk -v a="$theirs" -v b="$mine" 'BEGIN { printf "%.0f", a / b }')
    fi
    ctl search "${@:3}"
    printf '%-34s %10s %10s %10s %12s\n' "$1" "$(wc -l <"$OUT/ctl.out")" "$mine" "$theirs" "$ratio"
}

CTL_AS=root
mkdir -m 0755 "$TEMP/jobs"
spool=$TEMP/state/spool
start_daemon --jobs-dir "$TEMP/jobs"
printf '%s packets at %s/s; %s CPUs: %s\n\n' $((packets * loops)) "$speed" "$(nproc)" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
printf '%-34s %10s %10s %10s %12s\n' 'worker' rows dropped 'not saved' 'us/packet'
job=1
ctl start -d -i eth0 -o plain.pcapng
wait_until 5 "the capture" job_runs 1
record 'start -d -o FILE'
ctl stop 1
rm -f "$WORK/plain.pcapng"
printf 'interface = ["eth0"]\n[keep.packets]\nage = "1d"\n' >"$TEMP/jobs/bench.toml"
kill -HUP "$DAEMON_PID"
job=bench
wait_until 5 "the standing job" job_runs bench
record 'standing job'

all_indexed() { [[ $(find "$spool" -name '*.index' | wc -l) -ge $(($(find "$spool" -name '*.rows' | wc -l) - 2)) ]]; }
wait_until 30 "the indexes" all_indexed
printf '\n%s segments; packets %s bytes, rows %s, index %s: rows and index are %s %% of the packets\n\n' \
    "$(find "$spool" -name '*.rows' | wc -l)" "$(bytes_of pcapng)" "$(bytes_of rows)" "$(bytes_of index)" \
    "$(awk -v a="$(bytes_of rows)" -v b="$(bytes_of index)" -v p="$(bytes_of pcapng)" 'BEGIN { printf "%.2f", (a + b) * 100 / p }')"
printf '%-34s %10s %10s %10s %12s\n' "question (medians of $rounds)" rows seconds tcpdump 'x ours'
question "a host" "host $address" --filter-ip "$address"
question "a host that is not there" "host 203.0.113.254" --filter-ip 203.0.113.254
question "a name that is not there" '' --name '*.nowhere.invalid'
question "the last hundred packets" '' --last 100

# A start with many segments, beside one without any.
stop_daemon
segments=10000
state_in_memory "$TEMP/many" 1G
mkdir -m 0700 "$TEMP/none"
write_capture "$TEMP/small.pcap" $((4 * segments))
"$BIN/forge_spool" record "$TEMP/many/spool" 7 past 4 "$TEMP/small.pcap" 0 "$SOCKET_GID"
read -r none_ms none_kib < <(start_cost "$TEMP/none" $rounds)
read -r many_ms many_kib < <(start_cost "$TEMP/many" $rounds)
printf '\n%s segments: a start takes %s ms more than with none (target: at most 200), and the control process has %s KiB more (16384)\n' \
    $segments $((many_ms - none_ms)) $((many_kib - none_kib))
