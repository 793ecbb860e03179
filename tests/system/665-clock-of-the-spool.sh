#!/usr/bin/env bash
# Expected: what is older than its limit is removed, but not because the clock has jumped: after it was set forward by
# more than a day, age removes nothing for an hour, also if the daemon is started again meanwhile. While it is an hour
# back or forward, a job goes on keeping: names of segments do not collide, and each row is found once, in the order in
# which it came, by the time that the kernel gave to its packet.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

jobs="$TEMP/jobs"
mkdir -m 0755 "$jobs"
printf 'interface = ["eth0"]\nfilter = { protocol = ["udp"] }\nreaders = { groups = ["%s"] }\n[keep.packets]\nage = "30d"\n' \
    "$SOCKET_GROUP" >"$jobs/lab.toml"
now=$EPOCHSECONDS hour=3600
# Ten packets each, 40, 30 and 2 hours ago.
write_capture "$TEMP/plain.pcap" 30
for ago in 40 30 2; do for i in {0..9}; do echo $((now - ago * hour + i)); done; done |
    with_times "$TEMP/past.pcap" "$TEMP/plain.pcap"
record_past 7 past 10 "$TEMP/past.pcap" $((36 * hour))
use_own_clock
lab_runs() { job_runs lab; }
past_has() { ctl search --job past --json && [[ $(found_numbers) == "$1" ]]; }
ports() { ctl search --job lab --json && jq -r .destination.port "$OUT/ctl.out" | tr '\n' ' '; }
restart() {
    stop_daemon
    start_daemon --jobs-dir "$jobs"
    wait_until 10 "the job" lab_runs
}

# Age removes what is older than 36 hours.
start_daemon --jobs-dir "$jobs"
wait_until 10 "the job" lab_runs
wait_until 5 "the removal" past_has "11-30"
expect_line "$OUT/ctl.err" '^what job past recorded from .* to .* is no longer kept$'
send_numbered 2000 10

# An hour back, then an hour forward: each time the job begins another segment.
set_clock_forward -$hour
restart
send_numbered 2010 10
set_clock_forward $hour
restart
send_numbered 2020 10
has_ports() { [[ $(ports) == "$(seq "$1" "$2" | tr '\n' ' ')" ]]; } # FIRST LAST
wait_until 5 "rows of the job, in their order" has_ports 2000 2029
ctl search --job lab --since '5m ago' --json
expect_equal "rows of now" 30 "$(wc -l <"$OUT/ctl.out")"
ctl search --job lab --until '30m ago' --json
expect_equal "rows of another time" 0 "$(wc -l <"$OUT/ctl.out")"
names=$(cd "$SPOOL" && find . -path './[0-8]*.rows' ! -path './7/*' -printf '%f\n' | sort)
expect_equal "counters, which are given once" 3 "$(cut -d- -f1 <<<"$names" | sort -un | wc -l)"
mapfile -t begun < <(cut -d- -f2 <<<"$names" | sed 's/\.rows$//; s/^\(....\)\(..\)\(..\)T\(..\)\(..\)\(..\)Z/\1-\2-\3 \4:\5:\6Z/' | date -f - +%s)
((begun[0] - begun[1] > hour - 60 && begun[2] - begun[1] > 2 * hour - 60)) || fail "the names do not have the clock's times: $names"

# A day and an hour forward, while it runs and then over a restart: what is 30 hours old looks 56 hours old.
set_clock_forward $((26 * hour)) # an hour forward it is already
send_numbered 2030 10
sleep 6 # what is too old is looked for every five seconds
past_has "11-30" || fail "the jump of the clock has removed something: $(found_numbers)"
restart
sleep 1
past_has "11-30" || fail "the jump of the clock has removed something: $(found_numbers)"
expect_equal "rows of the job" "$(seq 2000 2039 | tr '\n' ' ')" "$(ports)"

# Seven hours are no such jump.
set_clock_forward $((7 * hour))
restart
wait_until 5 "the removal" past_has "21-30"
