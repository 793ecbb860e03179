#!/usr/bin/env bash
# What it costs to remember, and how long the past takes to answer: tests/bench/spool.sh [LOOPS=5] [A_SECOND=100000]
# (200,000 packets a loop, or PACKETS, so 100 loops are 20 million; root; 200 MB in /dev/shm and 600 MB for each loop, 500
# MB under TMPDIR for each loop). Prints tables; asserts nothing. It empties the page cache of the machine several times.
packets=${PACKETS:-200000}
loops=${1:-5}
speed=${2:-100000}
# shellcheck disable=SC2034 # the parts use it
rounds=5
build=${BUILD_DIR:-$(dirname "${BASH_SOURCE[0]}")/../../build}
BIN=${BIN:-$build/bin}
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

root=$SUPPORT/../..
"$root/packaging/dependencies.sh" build bench test
cmake --build "$build" --target make_capture row_size >/dev/null
capture=$(mktemp /dev/shm/packetsentry-bench.XXXXXX)
clean_up() { rm -f "$capture"; }
"$build/bench/make_capture" "$capture" "$packets" 20000 hosts

# shellcheck disable=SC1091
. "$(dirname "${BASH_SOURCE[0]}")/replay.sh"

# Processor time of a process, in microseconds.
processor_time() { # PID
    awk -v ticks="$(getconf CLK_TCK)" '{ printf "%d", ($14 + $15) * 1000000 / ticks }' "/proc/$1/stat"
}

record() { # LABEL
    local pid
    pid=$(worker_pid)
    replay --pps="$speed"
    printf '%-34s %10s %10s %10s %12s\n' "$1" "$recorded" "$(job_number "$job" .ledger.dropped_by_kernel)" \
        "$(job_number "$job" '(.ledger.not_saved + .ledger.not_kept)')" \
        "$(awk -v time="$(processor_time "$pid")" -v rows="$recorded" 'BEGIN { printf "%.2f", time / rows }')"
}

for part in sizes questions export; do
    # shellcheck disable=SC1090
    . "$(dirname "${BASH_SOURCE[0]}")/spool/$part.sh"
done

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
tell_sizes
tell_questions
tell_export

. "${BASH_SOURCE[0]%/*}/spool_limits.sh"
measure_stall
measure_half

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
