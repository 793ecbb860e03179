#!/usr/bin/env bash
# What is lost of packets and conversations at half of the speed at which a capture first drops packets:
#   tests/bench/live_flows.sh [LOOPS=5] [A_SECOND=100000]
# (200,000 packets a loop, in 20,000 conversations; root; 200 MB in /dev/shm, 200 MB under TMPDIR for each loop). First it
# finds that speed for a job in the background that saves nothing, beginning with A_SECOND; then a job with a client that
# follows both tables saves to a file. Prints a table; asserts nothing.
packets=200000
loops=${1:-5}
# shellcheck disable=SC2034 # replay.sh uses it
speed=${2:-100000}
build=${BUILD_DIR:-$(dirname "${BASH_SOURCE[0]}")/../../build}
BIN=${BIN:-$build/bin}
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

"$SUPPORT/../../packaging/dependencies.sh" build bench test
cmake --build "$build" --target make_capture >/dev/null
capture=$(mktemp /dev/shm/packetsentry-bench.XXXXXX)
clean_up() { rm -f "$capture"; }
"$build/bench/make_capture" "$capture" "$packets"

# shellcheck disable=SC1091
. "$(dirname "${BASH_SOURCE[0]}")/replay.sh"

CTL_AS=root
start_daemon
printf '%s CPUs: %s\n\n%-34s %10s %10s\n' "$(nproc)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
    'capture' sent/s dropped
job=alone
ctl start -d -i eth0 --name alone
wait_until 5 "the capture" job_runs alone
find_first_drop
ctl stop alone
job=both
start_ctl both start -i eth0 --name both --table flows -o both.pcap
wait_until 5 "the capture" job_runs both
try_rate $((FIRST / 2))
interrupt both
echo "that was half of $FIRST/s, with conversations shown and packets saved (target: none)"
tail -n 1 "$OUT/both.err"
