#!/usr/bin/env bash
# An output in a file system of the user's own that answers nothing any more: nobody waits but he, neither for
# an answer nor for a capture.
# Runs alone: it takes all that a user may have of the machine.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

[[ -c /dev/fuse ]] || skip "there is no /dev/fuse"
expect_start() {
    CTL_AS=other ctl start -d -i eth0 --name others
    expect_status 0
    CTL_AS=other ctl stop others
    expect_status 0
}

start_daemon
remember_daemon
start_hung_file
wait_until 10 "the file" grep -q sent "$OUT/hung.out"
expect_quick 30 "requests" expect_served "while a file does not answer"
expect_quick 5 "starts" expect_start
# Only then do we look for workers: whoever looks at a process that waits for the file waits as well.
kill -KILL "${PIDS[hung]}"
wait "${PIDS[hung]}" 2>/dev/null || true
no_workers() {
    ctl stop --all
    [[ -z $(worker_pid) ]]
}
wait_until 20 "its job to end" no_workers
expect_back "a file that does not answer" 16384
