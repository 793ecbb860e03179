#!/usr/bin/env bash
# Expected: an output that failed is written no more, though there is room again, by no further worker: not
# with another filter, not after a crash, not after a restart of the daemon. What is recorded meanwhile is
# counted as not saved; what was saved stays whole.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

mkdir "$WORK/small"
mount -t tmpfs -o size=256k,mode=777 none "$WORK/small" 2>/dev/null || skip "no right to mount a small file system"
DISKS+=("$WORK/small")
start_daemon
ctl start -d -i eth0 -f udp -o small/full.pcap --name full
expect_status 0
send_numbered 2000 8000 20000
wait_until 5 "the word of it" grep -q 'No space' "$TEMP/daemon.log"
head -c 40k "$WORK/small/full.pcap" >"$TEMP/begin"
mount -o remount,size=4m "$WORK/small"
bytes=$(stat -c %s "$WORK/small/full.pcap")
all=8000

expect_all_counted() { # WHAT
    send_numbered 20000 500 20000
    all=$((all + 500))
    wait_until 5 "the packets $1" shows_number full .ledger.recorded "$all"
    expect_equal "bytes of the file $1" "$bytes" "$(stat -c %s "$WORK/small/full.pcap")"
    wait_until 5 "all counted $1" all_counted
}
all_counted() {
    (($(job_number full .ledger.saved) + $(job_number full .ledger.not_saved) == all))
}
expect_all_counted "with the same worker"
ctl filter full --bpf 'udp and not port 53'
expect_status 0
expect_all_counted "with another filter"
kill -KILL "$(worker_pid)"
wait_until 5 "its return" shows_number full .worker_restarts 1
wait_until 5 "its return" job_runs full
expect_all_counted "after a crash"
stop_daemon
start_daemon
wait_until 5 "the job's return" job_runs full
expect_all_counted "after a restart"
expect_count 1 "$TEMP/daemon.log" 'No space'
expect_equal "packets that can be read" "$(job_number full .ledger.saved) packets" \
    "$(tcpdump -r "$WORK/small/full.pcap" --count 2>/dev/null)"
cmp -n 40960 "$TEMP/begin" "$WORK/small/full.pcap"
