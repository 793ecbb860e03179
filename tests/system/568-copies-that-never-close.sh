#!/usr/bin/env bash
# Outputs whose closing is not answered, and a worker for each change of a filter that is given a copy of them: the
# workers that do not end are few a job, and the daemon's own copies hold nobody else's files open.
# Runs alone: it takes all that a user may have of the machine.
# Long: 562 and 564 show in every run that the loop never waits for a file.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

[[ -c /dev/fuse ]] || skip "there is no /dev/fuse"
printf '[captures]\nsockets_per_interface = 1024\nsockets_per_user = 1024\n[memory]\nring = "1MiB"\n' >"$TEMP/daemon.toml"
start_daemon --config "$TEMP/daemon.toml"
remember_daemon
start_hung_changes 6 6
wait_until 40 "the changes" grep -q "^refused: 8 workers of the job do not end" "$OUT/hung.out"
expect_quick 30 "requests" expect_served "while copies do not close"
expect_quick 5 "starts" expect_start_of_other
wait_until 5 "the end of its files" files_of_other_are_closed
# Nor are others refused, whose own closing goes on.
ATTACK_AS=other attack unwanted 500
expect_served "descriptors not wanted"
kill -KILL "${PIDS[hung]}"
wait "${PIDS[hung]}" 2>/dev/null || true
no_workers() {
    ctl stop --all
    [[ -z $(worker_pid) ]]
}
wait_until 20 "its job to end" no_workers
expect_back "copies that do not close" 16384
