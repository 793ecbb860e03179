#!/usr/bin/env bash
# A client that dies in any state of any request leaves nothing behind: no job, worker, descriptor or stream; ends of one direction are honoured.
# Runs alone: it takes all that a user may have of the machine.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

printf '[clients]\nrequests_per_second = 1000000\n[jobs]\nmax_per_user = 1000\nmax = 1000\n' >"$TEMP/quick.toml"
start_daemon --config "$TEMP/quick.toml"
no_workers() { [[ -z $(worker_pid) ]]; }
only_night() { [[ $(pgrep -c -P "$DAEMON_PID") == 1 ]]; }
deaths_once() {
    attack deaths "$1" night
    attack shutdowns
    wait_until 20 "the workers to go" only_night
    for ((i = 0; i < 5 * $1; ++i)); do attack stops; done
    wait_until 20 "the workers to go" no_workers
}
round() { # COUNT
    ctl start -d -i eth0 --name night
    expect_status 0
    deaths_once "$1"
    expect_equal "live jobs" 0 "$("${AS[@]}" packetsentryctl --json status | jq .live_jobs)"
}
round 1
remember_daemon
round 5
expect_served "deaths"
expect_back "deaths in every state" 16384
