#!/usr/bin/env bash
# Where no process can be made a start is refused in one line and leaves no job; afterwards it works. Twice: the
# limit of the service user, and that of a pids cgroup where one can be made (version 1: one of version 2 that
# has processes has no children).
# Runs alone: it takes all that a user may have of the machine.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

group=/sys/fs/cgroup/pids/packetsentry-test.$$
[[ -d /sys/fs/cgroup/pids ]] && mkdir "$group" 2>/dev/null || group=
clean_up() {
    local tries pid
    for ((tries = 0; tries < 100; ++tries)); do
        [[ -d $group ]] || return
        for pid in $(<"$group/cgroup.procs"); do echo "$pid" >/sys/fs/cgroup/pids/cgroup.procs 2>/dev/null; done
        rmdir "$group" 2>/dev/null || sleep 0.05
    done
}

expect_refusals() { # BY_WHAT
    local i
    for ((i = 0; i < 20; ++i)); do
        ctl start -d -i eth0 --name never
        expect_status 9
        expect_one_error "$OUT/ctl.err" 'cannot start .*packetsentry-worker: Resource temporarily unavailable'
    done
    expect_served "no process can be made ($1)"
    CTL_AS=root ctl list
    expect_no_line "$OUT/ctl.out" never
    expect_back "starts that failed ($1)"
}

# The soft limit, as its own user: another's takes CAP_SYS_RESOURCE.
limit_processes() { # MOST
    setpriv --reuid daemon --regid "$(id -g daemon)" --clear-groups prlimit --pid "$DAEMON_PID" --nproc="$1:"
}

expect_start() {
    ctl start -d -i eth0 --name one
    expect_status 0
    ctl stop one
    expect_status 0
}

start_daemon --user daemon  # whom every Debian has: root is not limited
remember_daemon
expect_start
before=$(awk '/^Max processes/ { print $3 }' "/proc/$DAEMON_PID/limits")
limit_processes 0
expect_refusals "the user's limit"
limit_processes "$before"
expect_start

[[ -n $group ]] || { echo "no pids cgroup can be made here"; exit 0; }
echo "$DAEMON_PID" >"$group/cgroup.procs"
cat "$group/pids.current" >"$group/pids.max"
expect_refusals "a cgroup"
echo max >"$group/pids.max"
expect_start
