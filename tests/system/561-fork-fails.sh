#!/usr/bin/env bash
# Where no process can be made a start is refused in one line and leaves no job; afterwards it works.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

group=/sys/fs/cgroup/pids/packetsentry-test.$$
[[ -d /sys/fs/cgroup/pids ]] && mkdir "$group" 2>/dev/null || skip "no pids cgroup can be made here"
trap 'echo $DAEMON_PID >/sys/fs/cgroup/pids/tasks 2>/dev/null; end_daemon; DAEMON_PID=; rmdir "$group"; finish' EXIT
start_daemon
echo "$DAEMON_PID" >"$group/cgroup.procs"
remember_daemon
cat "$group/pids.current" >"$group/pids.max"
for ((i = 0; i < 20; ++i)); do
    ctl start -d -i eth0 --name none
    expect_status 9
    expect_one_error "$OUT/ctl.err" 'cannot start .*packetsentry-worker: Resource temporarily unavailable'
done
expect_served "no process can be made"
CTL_AS=root ctl list
expect_no_line "$OUT/ctl.out" none
expect_back "starts that failed"
echo max >"$group/pids.max"
ctl start -d -i eth0 --name one
expect_status 0
ctl stop one
expect_status 0
