#!/usr/bin/env bash
# Without free descriptors connections wait and starts are refused whole; nothing spins; afterwards all is as before.
# Runs alone: it takes all that a user may have of the machine.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
remember_daemon
only_the_first() { [[ $(pgrep -c -P "$DAEMON_PID") == 1 ]]; }

start_capture running -i eth0 --name running
# From one that suffices to connect to enough for all of it.
refused=0
for free in 1 2 3 4 5 6 7 8 9; do
    leave_descriptors "$free"
    before=$SECONDS
    ctl start -d -i eth0 -o "none$free.pcap" --name "none$free"
    ((SECONDS - before < 4)) || fail "with $free descriptors it took $((SECONDS - before)) s: $(cat "$OUT/ctl.err")"
    echo "$free free: status $STATUS $(cat "$OUT/ctl.err")"
    prlimit --pid "$DAEMON_PID" --nofile=1024:4096
    if ((STATUS == 0)); then
        ctl stop "none$free"
        continue
    fi
    ((++refused))
    expect_one_error "$OUT/ctl.err" 'open files|no descriptor is free'
    wait_until 5 "the worker to go" only_the_first
    CTL_AS=root ctl list
    expect_no_line "$OUT/ctl.out" "none$free"
done
expect_at_least "starts refused" 3 "$refused"
expect_status 0

# Nobody may.
leave_descriptors 0
before=$(daemon_ticks)
start_ctl waiting status
sleep 2
spent=$(($(daemon_ticks) - before))
echo "$spent hundredths of a second of CPU in 2 s"
((spent < 20)) || fail "it spins: $spent hundredths of a second of CPU in 2 s"
kill -0 "${PIDS[waiting]}" || fail "who connects is not kept waiting: $(cat "$OUT/waiting.err")"
expect_count 1 "$TEMP/daemon.log" 'new connections wait'
prlimit --pid "$DAEMON_PID" --nofile=1024:4096
wait_for waiting 5
expect_status 0

job_runs running || fail "the running job did not live through it"
CTL_AS=root ctl list
expect_count 1 "$OUT/ctl.out" 'running +eth0|running'
expect_equal "workers" 1 "$(pgrep -c -P "$DAEMON_PID")"
interrupt running
expect_served "exhaustion"
expect_back "exhaustion" 16384
