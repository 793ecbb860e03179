#!/usr/bin/env bash
# A stop of the daemon while a job's output is in a file system that answers no more: after three seconds that is given
# up, with a line; the other job has ended in order, and both come back.
# Runs alone: it takes all that a user may have of the machine.
# Long: 562 and 564 show in every run that the loop never waits for a file.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

[[ -c /dev/fuse ]] || skip "there is no /dev/fuse"
start_daemon
CTL_AS=other ctl start -d --name others -i eth0
expect_status 0
start_hung_file 2 600
wait_until 10 "the capture" job_runs hangs
ping_a 1
wait_until 5 "packets in the file" shows_number hangs .ledger.saved 1
ping_a 1
sleep 1

stopped() { grep -qE 'info: stopped$' "$TEMP/daemon.log"; }
start=$SECONDS
kill -TERM "$DAEMON_PID"
wait_until 14 "the daemon's last word" stopped
expect_at_least "seconds given to the job" 2 $((SECONDS - start))
expect_line "$TEMP/daemon.log" 'job hangs: the output was given up in the middle of a packet'
expect_line "$TEMP/daemon.log" 'job hangs \(id 2\) finished'
expect_line "$TEMP/daemon.log" 'job others \(id 1\) finished'
[[ ! -e $SOCKET ]] || fail "the daemon left its socket behind"

# A process that is closing such a file may end only then.
kill -KILL "${PIDS[hung]}"
wait "${PIDS[hung]}" 2>/dev/null || true
wait_for_pid "$DAEMON_PID" 5
DAEMON_PID=
expect_status 0
start_daemon
wait_until 10 "the other job" job_runs others
wait_until 10 "the job that was left" job_runs hangs
