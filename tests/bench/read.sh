#!/usr/bin/env bash
# Reads one generated capture file with packetsentryctl, tcpdump, tshark and scapy, side by side:
#   tests/bench/read.sh [PACKETS=2000000]
#   tests/bench/read.sh --beside BUILD… [--packets N]
# With --beside it compares this build with others, such as that of an earlier commit: text, -q and JSON, and this
# build's conversations with the others' text, in turn, as the median of five rounds; each BUILD directory has
# bin/packetsentryctl.
# Prints times, ratios and peak memory; asserts nothing. Any user. README.md says how to read it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/../..
build=${BUILD_DIR:-$root/build}
packets=2000000
others=()
while (($#)); do
    case $1 in
        --beside) while (($# > 1)) && [[ $2 != --* ]]; do others+=("$(realpath "$2")") && shift; done ;;
        --packets) packets=${2:?--packets needs a number} && shift ;;
        *) packets=$1 ;;
    esac
    shift
done
columns=(-e frame.time_epoch -e ip.src -e ip.dst -e tcp.dstport -e dns.qry.name)
scapy_packets=$((packets < 100000 ? packets : 100000))
PATH=$PATH:/usr/sbin

prepare() {
    "$root/packaging/dependencies.sh" build bench
    [[ -f $build/CMakeCache.txt ]] || cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
    cmake --build "$build" --target packetsentry-worker packetsentryctl make_capture >/dev/null
    temp=$(mktemp -d "${TMPDIR:-/tmp}/packetsentry-bench.XXXXXX")
    trap 'rm -rf "$temp"' EXIT
    "$build/bench/make_capture" "$temp/bench.pcap" "$packets"
    "$build/bench/make_capture" "$temp/head.pcap" "$scapy_packets"
    cat "$temp/bench.pcap" "$temp/head.pcap" >/dev/null
}

describe() {
    local type
    type=$(sed -n 's/^CMAKE_BUILD_TYPE:[A-Z]*=//p' "$build/CMakeCache.txt")
    printf '%s packets, %s bytes, page cache warm; %s CPUs; our build: %s\n\n' "$packets" \
        "$(stat -c %s "$temp/bench.pcap")" "$(nproc)" "$type"
    printf '%-52s %9s %10s %8s %9s\n' '' 'seconds' 'us/packet' 'x ours' 'peak MiB'
}

# Adds a row. The first of ours sets the unit of the ratios.
row() { # LABEL RUNS SCALE COMMAND…
    local label=$1 runs=$2 scale=$3 seconds peak
    shift 3
    read -r seconds peak < <(cd "$temp" && python3 "$here/measure.py" "$runs" "$@") || { echo "$label: failed"; return; }
    [[ -n ${unit:-} || $label != packetsentryctl* ]] || unit=$seconds
    awk -v label="$label" -v s="$seconds" -v scale="$scale" -v n="$packets" -v unit="${unit:-0}" -v peak="$peak" 'BEGIN {
        s *= scale
        printf "%-52s %9.2f %10.2f %8s %9d\n", label, s, s * 1e6 / n, unit ? sprintf("%.1f", s / unit) : "", peak }'
}

compare() {
    row "cat" 3 1 cat bench.pcap
    row "packetsentryctl --no-files -r" 3 1 "$build/bin/packetsentryctl" --no-files -r bench.pcap
    row "packetsentryctl -r (log and results on)" 3 1 "$build/bin/packetsentryctl" -r bench.pcap
    rm -f "$temp"/packetsentry*
    row "packetsentryctl --no-files --redact addresses -r" 3 1 \
        "$build/bin/packetsentryctl" --no-files --redact addresses -r bench.pcap
    row "packetsentryctl --json -r" 2 1 "$build/bin/packetsentryctl" --json -r bench.pcap
    row "packetsentryctl -T fields -r" 2 1 "$build/bin/packetsentryctl" -T fields "${columns[@]}" -r bench.pcap
    row "packetsentryctl -T csv -r" 2 1 "$build/bin/packetsentryctl" -T csv -r bench.pcap
    row "packetsentryctl --no-files --table flows -r" 3 1 \
        "$build/bin/packetsentryctl" --no-files --table flows -r bench.pcap
    row "packetsentryctl --table flows -T zeek -r" 2 1 "$build/bin/packetsentryctl" --table flows -T zeek -r bench.pcap
    row "tcpdump -nr" 2 1 tcpdump -nr bench.pcap
    row "tshark -nr" 1 1 tshark -nr bench.pcap
    row "tshark -T fields -nr" 1 1 tshark -T fields "${columns[@]}" -nr bench.pcap
    row "tshark -q -z conv,tcp -nr" 1 1 tshark -q -z conv,tcp -nr bench.pcap
    if [[ $(command -v nfpcapd) ]]; then
        mkdir -p "$temp/nfcapd"
        row "nfpcapd -r" 2 1 nfpcapd -r bench.pcap -w "$temp/nfcapd"
    fi
    row "scapy, from $scapy_packets packets" 1 "$((packets / scapy_packets))" \
        /usr/bin/python3 "$here/read_with_scapy.py" head.pcap
}

# A machine that is now fast, now slow makes a ratio of two moments worth little: so, in turn.
in_turn() { # "OUR OPTIONS" LABEL RUNS COMMAND…
    local options label=$2 runs=$3 round ours theirs
    read -ra options <<<"--no-files $1"
    shift 3
    printf '\nin turn, ours with %s:' "${options[*]}"
    for round in 1 2 3; do
        read -r ours _ < <(cd "$temp" && python3 "$here/measure.py" 3 "$build/bin/packetsentryctl" "${options[@]}" \
            -r bench.pcap)
        read -r theirs _ < <(cd "$temp" && python3 "$here/measure.py" "$runs" "$@")
        awk -v label="$label" -v a="$ours" -v b="$theirs" \
            'BEGIN { printf "  ours %.2f s, %s %.2f s: %.1f times", a, label, b, b / a }'
        ((round == 3)) || printf ';'
    done
    echo
}

# The median of the rounds, and its ratio to that of this build.
medians() { # LABEL BUILD… ; lines "INDEX SECONDS" on standard input
    python3 -c '
import collections, statistics, sys
label, *builds = sys.argv[1:]
times = collections.defaultdict(list)
for line in sys.stdin:
    index, seconds = line.split()
    times[int(index)].append(float(seconds))
ours = statistics.median(times[0])
for index, build in enumerate(builds):
    median = statistics.median(times[index])
    ratio = "" if index == 0 else f"   this build takes {ours / median:.2f} times as long"
    print(f"{label:20} {median:8.3f} s  {build}{ratio}")' "$@"
}

beside() { # LABEL "OUR OPTIONS" "THEIR OPTIONS"
    local builds=("$build" "${others[@]}") options round index seconds
    for round in 1 2 3 4 5; do
        for index in "${!builds[@]}"; do
            read -ra options <<<"$([[ $index == 0 ]] && echo "$2" || echo "$3")"
            read -r seconds _ < <(cd "$temp" && python3 "$here/measure.py" 1 "${builds[index]}/bin/packetsentryctl" \
                "${options[@]}" -r bench.pcap)
            echo "$index $seconds"
            rm -f "$temp"/packetsentry*
        done
    done | medians "$1" "${builds[@]}"
}

prepare
describe
if ((${#others[@]})); then
    beside text --no-files --no-files
    beside -q -q -q
    beside --json "--no-files --json" "--no-files --json"
    beside "flows, beside text" "--no-files --table flows" --no-files
else
    compare
    in_turn "" tshark 1 tshark -nr bench.pcap
    in_turn "" "ours as flows" 3 "$build/bin/packetsentryctl" --no-files --table flows -r bench.pcap
    [[ ! $(command -v nfpcapd) ]] || in_turn "--table flows" nfpcapd 2 nfpcapd -r bench.pcap -w "$temp/nfcapd"
    in_turn "--table flows" "tshark -z conv,tcp" 1 tshark -q -z conv,tcp -nr bench.pcap
fi
