#!/usr/bin/env bash
# Standing jobs: files of the jobs directory, which begin with the daemon, keep packets and rows in the spool, go on
# after a restart, are taken up by a reload, and end when their files are removed. What they kept stays.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

jobs="$TEMP/jobs"
mkdir -m 0755 "$jobs"
write_job() { # NAME BPF
    printf 'interface = ["eth*"]\nfilter = { bpf = "%s" }\n[keep.packets]\nage = "1d"\n' "$2" >"$jobs/$1.toml"
}
lists_job() { # NAME STATE
    CTL_AS=root ctl list --json
    jq -es --arg name "$1" --arg state "$2" 'any(.name == $name and .state == $state)' "$OUT/ctl.out" >/dev/null
}
kept_packets() { # JOB FILTER
    local file
    for file in "$TEMP/state/spool/$1"/*.pcapng; do tcpdump -nr "$file" "$2" 2>/dev/null; done | wc -l
}

write_job lab icmp
start_daemon --jobs-dir "$jobs"
wait_until 5 "the standing job" lists_job lab running
ctl list
expect_no_line "$OUT/ctl.out" 'lab' # it names no reader, so it is root's alone
ping_a 5
wait_until 3 "its packets" lists_job lab running
stop_daemon
expect_equal "packets kept" 10 "$(kept_packets 1 icmp)"
expect_equal "modes below the spool" "600 700" \
    "$(find "$TEMP/state/spool" -printf '%m\n' | sort -u | tr '\n' ' ' | sed 's/ $//')"

# It goes on under its number. A file that is wrong changes nothing, and a right one is taken up.
start_daemon --jobs-dir "$jobs"
wait_until 5 "the standing job" lists_job lab running
ping_a 4
echo 'interface = ["eth0"' >"$jobs/night.toml"
kill -HUP "$DAEMON_PID"
wait_until 3 "the refusal" grep -q 'the configuration stays as it was: .*night.toml:1' "$TEMP/daemon.log"
expect_equal "the job that runs" 1 "$(lists_job lab running && jq -r 'select(.state == "running").id' "$OUT/ctl.out")"
write_job night 'udp port 53'
kill -HUP "$DAEMON_PID"
wait_until 5 "the other job" lists_job night running

# Another filter is another job. Without its file a job ends.
write_job night arp
kill -HUP "$DAEMON_PID"
wait_until 5 "the end of the old one" lists_job night finished
wait_until 5 "the new one" lists_job night running
rm "$jobs/lab.toml"
kill -HUP "$DAEMON_PID"
wait_until 5 "the end of the job" lists_job lab finished
expect_equal "packets kept" 18 "$(kept_packets 1 icmp)"
expect_line "$TEMP/daemon.log" 'standing job lab \(id 1\) ends: its file was removed from the jobs directory'
expect_line "$TEMP/daemon.log" 'standing job night \(id 2\) ends: its file has changed'
expect_no_line "$TEMP/daemon.log" 'nothing has changed'
kill -HUP "$DAEMON_PID"
wait_until 5 "that nothing is new" grep -q 'configuration read again: nothing has changed' "$TEMP/daemon.log"
