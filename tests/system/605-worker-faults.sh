#!/usr/bin/env bash
# Expected: a worker that crashes, that takes all memory, that loops for ever, that is stopped: only its own
# job notices; it comes back with backoff, told with the reason, and captures; the gap is told.
# Runs alone: a worker that fills its memory must be done with it within the ten seconds of silence.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

use_worker taken-over
start_daemon
ctl start -d -i eth0 --bpf 'udp dst port 9' --name bystander
say() { # PORT TEXT
    in_b python3 -c 'import socket, sys
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(sys.argv[2].encode(), ("10.77.0.1", int(sys.argv[1])))' "$@"
}
restarted() { shows_number "$1" .worker_restarts 1 && job_runs "$1"; }
declare -A WORKERS WHY=([crash]='signal 11' [memory]='signal 6' [loop]='silent for 10 s' [stop]='silent for 10 s')
port=7000
for fault in crash memory loop stop; do
    ctl start -d -i eth0 --bpf "udp dst port $((++port))" --name "$fault"
    expect_status 0
    WORKERS[$fault]=$(worker_pid)
    say "$port" "attack:$fault:;"
done
kill -STOP "${WORKERS[stop]}"
port=7000
for fault in crash memory loop stop; do
    wait_until 25 "the return of '$fault'" restarted "$fault"
    show_job "$fault" | jq -r '.notices[]' | grep -q "${WHY[$fault]}" || fail "$fault is not told: $(show_job "$fault" | jq .notices)"
    expect_equal "gap of $fault" '"worker_died"' "$(job_number "$fault" '.gaps[0].cause')"
    say "$((++port))" "nothing"
    wait_until 3 "a packet of '$fault'" shows_number "$fault" .ledger.recorded 1
done
say 9 "nothing"
wait_until 3 "the bystander's packet" shows_number bystander .ledger.recorded 1
expect_equal "the bystander's restarts" 0 "$(job_number bystander .worker_restarts)"
for job in crash memory loop stop bystander; do expect_drained "$job"; done
