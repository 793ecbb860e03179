#!/usr/bin/env bash
# Jobs started and stopped again and again, whose workers do not end, because the closing of their output is answered to
# the daemon alone: there are only so many of them, and nobody else waits.
# Runs alone: it takes all that a user may have of the machine.
# Long: 562 and 564 show in every run that the loop never waits for a file.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

[[ -c /dev/fuse ]] || skip "there is no /dev/fuse"
printf '[jobs]\nmax = 4\n[captures]\nsockets_per_interface = 1024\nsockets_per_user = 1024\n[memory]\nring = "1MiB"\n' >"$TEMP/few.toml"
start_daemon --config "$TEMP/few.toml"
remember_daemon
start_hung_turns
wait_until 60 "the refusal" grep -q '^refused: 72 files of yours' "$OUT/hung.out"
workers=$(pgrep -c -P "$DAEMON_PID" || true)
echo "$workers workers do not end"
((workers > 60 && workers <= 72)) || fail "$workers workers"
expect_quick 30 "requests" expect_served "while workers do not end"
expect_quick 5 "starts" expect_start_of_other
kill -KILL "${PIDS[hung]}"
wait "${PIDS[hung]}" 2>/dev/null || true
no_workers() {
    ctl stop --all  # the last was not stopped: its user was refused
    [[ -z $(worker_pid) ]]
}
wait_until 20 "the workers to end" no_workers
ctl list
expect_status 0
expect_back "workers that do not end" 16384
