#!/usr/bin/env bash
# Asks one generated capture file the same questions with packetsentryctl, tshark and tcpdump, side by side:
#   tests/bench/ask.sh [PACKETS=1000000]
# Prints one table of times and ratios; asserts nothing. Any user. README.md says how to read it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/../..
build=${BUILD_DIR:-$root/build}
packets=${1:-1000000}
rounds=3
fields=(-T fields -e frame.number -e frame.time_epoch -e ip.src -e ip.dst -e frame.len)
PATH=$PATH:/usr/sbin

prepare() {
    "$root/packaging/dependencies.sh" build bench
    [[ -f $build/CMakeCache.txt ]] || cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
    cmake --build "$build" --target packetsentry-worker packetsentryctl make_capture >/dev/null
    temp=$(mktemp -d "${TMPDIR:-/tmp}/packetsentry-bench.XXXXXX")
    trap 'rm -rf "$temp"' EXIT
    "$build/bench/make_capture" "$temp/bench.pcap" "$packets"
    cat "$temp/bench.pcap" >/dev/null
    # A client of a few flows: the 10.0.0.0/8 side of the first packet.
    address=$(tcpdump -nr "$temp/bench.pcap" -c 1 2>/dev/null | grep -o '10\.[0-9]*\.[0-9]*\.[0-9]*' | head -n 1)
}

describe() {
    printf '%s packets, %s bytes, page cache warm; %s rounds in turn, medians\n' "$packets" \
        "$(stat -c %s "$temp/bench.pcap")" "$rounds"
    printf '%s CPUs: %s; our build: %s\n' "$(nproc)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
        "$(sed -n 's/^CMAKE_BUILD_TYPE:[A-Z]*=//p' "$build/CMakeCache.txt")"
    printf '%s; %s; %s\n\n' "$("$build/bin/packetsentryctl" --version | head -n 1)" \
        "$(tshark --version 2>/dev/null | head -n 1)" "$(tcpdump --version 2>&1 | head -n 1)"
    printf '%-62s %-16s %9s %10s %8s\n' 'question' 'program' 'seconds' 'us/packet' 'x ours'
}

# The seconds of one run, or nothing where the program fails.
seconds_of() { # PROGRAM ARGUMENT…
    local program=$1 seconds
    shift
    case $program in
        packetsentryctl) set -- "$build/bin/packetsentryctl" read bench.pcap --no-files "$@" ;;
        tshark) set -- tshark -n -r bench.pcap "$@" ;;
        tcpdump) set -- tcpdump -n -r bench.pcap "$@" ;;
    esac
    read -r seconds _ < <(cd "$temp" && python3 "$here/measure.py" 1 "$@") && echo "$seconds"
}

# The lines of a question. Its programs run in turn, so that a machine that is now fast, now slow is so for all of them.
medians() { # QUESTION PROGRAM… ; lines "PROGRAM SECONDS" on standard input
    python3 -c '
import collections, statistics, sys
packets, question, *programs = sys.argv[1:]
times = collections.defaultdict(list)
for line in sys.stdin:
    program, *seconds = line.split()
    times[program] += [float(one) for one in seconds]
ours = statistics.median(times[programs[0]]) if times[programs[0]] else 0
for program in programs:
    if not times[program]:
        print(f"{question:62} {program:16}    failed")
        continue
    median = statistics.median(times[program])
    ratio = f"{median / ours:8.1f}" if ours else ""
    print(f"{question:62} {program:16} {median:9.2f} {median * 1e6 / int(packets):10.2f} {ratio:>8}")
    question = ""' "$packets" "$@"
}

# Asks ours and tshark; tcpdump too where there is a capture filter for it.
ask() { # QUESTION CAPTURE_FILTER ARGUMENT…
    local question=$1 capture_filter=$2 programs=(packetsentryctl tshark) round
    shift 2
    [[ -z $capture_filter ]] || programs+=(tcpdump)
    for ((round = 0; round < rounds; round++)); do
        echo "packetsentryctl $(seconds_of packetsentryctl "$@")"
        echo "tshark $(seconds_of tshark "$@")"
        [[ -z $capture_filter ]] || echo "tcpdump $(seconds_of tcpdump "$capture_filter")"
    done | medians "$question" "${programs[@]}"
}

filter() { ask "-Y '$1'" "${2:-}" -Y "$1"; }

prepare
describe
filter "ip.addr == $address" "host $address"
filter 'dns.qry.name contains "x"'
filter 'tcp.flags.syn == 1 and tcp.dstport in {80, 443}'
ask '-T fields, five of them' '' "${fields[@]}"
