#!/usr/bin/env bash
# The file of a standing job changes again and again, so that each time another job replaces the one before. Expected: the
# space in the file is that of all of them together, what is removed is the oldest, and a job of another name keeps what
# it has.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

JOBS="$TEMP/jobs"
mkdir -m 0755 "$JOBS"
spool="$TEMP/state/spool"
write_attacked_job other $'bytes = "4MB"'
write_job() { # PORT
    # shellcheck disable=SC2034 # send_much needs it
    ATTACK_PORT["lab"]=$1
    printf 'interface = ["eth0"]\nfilter = { bpf = "udp port %s" }\n[keep.packets]\nbytes = "4MB"\n' "$1" \
        >"$JOBS/lab.toml"
}
runs() { # FILTER
    show_job lab | jq -e --arg port "$1" '.state == "running" and (.filter | contains($port))' >/dev/null
}
kept() { # NUMBER…
    local number
    for number in "$@"; do find "$spool/$number" -name '*.pcapng' -printf '%s\n'; done |
        awk '{ sum += $1 } END { print sum + 0 }'
}

write_job 8000
start_daemon --jobs-dir "$JOBS"
wait_until 10 "both jobs" all_jobs_run
send_much other 2500
send_much lab 2500
numbers=("$(job_number lab .id)")
for port in 8001 8002; do
    write_job "$port"
    kill -HUP "$DAEMON_PID"
    wait_until 10 "the job on port $port" runs "$port"
    numbers+=("$(job_number lab .id)")
    send_much lab 2500
done
expect_equal "different jobs" 3 "$(printf '%s\n' "${numbers[@]}" | sort -u | wc -l)"
# At most the open segment goes beyond the space.
within_space() { (($(kept "${numbers[@]}") <= 6700000)); }
wait_until 15 "the oldest to be removed" within_space
expect_at_least "bytes that are kept" 2000000 "$(kept "${numbers[@]}")"
expect_at_least "bytes of the newest job" 2000000 "$(kept "${numbers[2]}")"
expect_at_least "bytes of the other job" 2000000 "$(kept "$(job_number other .id)")"
