#!/usr/bin/env bash
# Expected: with --context, each packet of the job that is near one which is found comes too, once, in its place, and is
# marked; it does not count. The file of -o has exactly what is shown, and its comments tell what is missing: the time for
# which the worker was dead, what cannot be read, and what is no longer kept.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

jobs="$TEMP/jobs"
mkdir -m 0755 "$jobs"
printf 'interface = ["eth0"]\nfilter = { protocol = ["udp"] }\nreaders = { groups = ["%s"] }\n[keep.packets]\nage = "1d"\n' \
    "$SOCKET_GROUP" | tee "$jobs/lab.toml" >"$jobs/twin.toml"
both_run() { ctl list --json && jq -es 'map(select(.state == "running")) | length == 2' "$OUT/ctl.out" >/dev/null; }
ports() { jq -r '"\(.destination.port)\(if .packetsentry.context then "c" else "" end)"' "$OUT/ctl.out" | xargs; }
comments() { capinfos "$WORK/found.pcapng" 2>/dev/null | sed -n 's/^Capture comment: *//p'; }

start_daemon --jobs-dir "$jobs"
wait_until 5 "both jobs" both_run
send_numbered 2000 3
sleep 1.6
send_numbered 3000 3
sleep 1.6
send_numbered 4000 3
wait_until 5 "the rows" shows_number 1 .ledger.recorded 9
wait_until 5 "the rows of the other job" shows_number 2 .ledger.recorded 9

ctl search --job lab --filter-port 3000 --context 1s --json -o found.pcapng
expect_status 0
expect_equal "what is near 3000" '3000 3001c 3002c' "$(ports)"
expect_line "$OUT/ctl.err" '^1 packet was found in job lab .*, and 2 packets near it$'
expect_equal "packets of both" 3 "$(tcpdump -nr "$WORK/found.pcapng" 2>/dev/null | wc -l)"
comments >"$OUT/comments"
expect_line "$OUT/comments" '^job [12] \(lab\) was searched; it is kept since 20[0-9T:-]+Z$'
ctl search --job lab --filter-port 3000 --context 1s
expect_line "$OUT/ctl.out" 'UDP [0-9]+ -> 3000$'
expect_equal "marked lines" 2 "$(count_lines "$OUT/ctl.out" ' -> 300[12] \[context\]$')"

# What is near two is there once, and a day is near everything. What the number leaves out is near all the same.
ctl search --job lab -Y 'udp.dstport in {3000, 3001}' --context 1s --json
expect_equal "what is near two" '3000 3001 3002c' "$(ports)"
ctl search --job lab -Y 'udp.dstport in {3000, 3002}' --context 1s --json -c 1
expect_equal "what is near the first" '3000 3001c 3002c' "$(ports)"
ctl search --job lab -Y 'udp.dstport >= 3000 and udp.dstport <= 3002' --context 1s --json --last 1
expect_equal "what is near the last" '3000c 3001c 3002' "$(ports)"
ctl search --job lab --filter-port 3001 --context 1s --json --reverse
expect_equal "in reverse" '3002c 3001 3000c' "$(ports)"
ctl search --job lab --filter-port 3001 --context 24h --json
expect_equal "a day" '2000c 2001c 2002c 3000c 3001 3002c 4000c 4001c 4002c' "$(ports)"
ctl search --job lab --filter-port 9 --context 24h --json
expect_equal "near nothing" '' "$(ports)"
# The time that is asked for is that of what is found.
at=$(jq -rs 'map(select(.destination.port == 3001))[0]."@timestamp"' <(ctl search --job lab --json && cat "$OUT/ctl.out"))
ctl search --job lab --since "$at" --context 1s --json -c 1
expect_equal "also before the time" '3000c 3001 3002c' "$(ports)"
# Rows of a job are near rows of that job.
ctl search --filter-port 3000 --context 1s --json
expect_equal "rows of both jobs" 6 "$(wc -l <"$OUT/ctl.out")"
expect_equal "found in both" 2 "$(jq -c 'select(.packetsentry.context | not)' "$OUT/ctl.out" | wc -l)"
expect_equal "none twice" 6 "$(jq -c '[.packetsentry.job, .event.sequence]' "$OUT/ctl.out" | sort -u | wc -l)"
ctl search --context soon
expect_status 1
ctl search --context 25h
expect_status 1

# The comments. The segment is closed by a restart, then damaged, and another one begins.
pkill -KILL -P "$DAEMON_PID"
wait_until 5 "the death of the worker" grep -q 'job lab .* it is started again in' "$TEMP/daemon.log"
wait_until 10 "both jobs" both_run
send_numbered 5000 3
wait_until 5 "more rows" shows_number 1 .ledger.recorded 12
ctl search --job lab -o found.pcapng
comments >"$OUT/comments"
expect_line "$OUT/comments" '^job [12] \(lab\) has a gap from 20[0-9T:-]+Z to 20[0-9T:-]+Z, the worker died: at most [0-9]+ packets?$'
lab=$(jq -rs 'map(select(.name == "lab"))[0].id' <(ctl list --json && cat "$OUT/ctl.out"))
first=("$TEMP/state/spool/$lab/"*.rows)
# Its times are known once it has an index; a purge leaves what it knows no times of.
has_index() { [[ -e ${first[0]%.rows}.index ]]; }
wait_until 10 "the index of what the dead worker left" has_index
printf 'noise' | dd of="${first[0]}" bs=1 seek=180 conv=notrunc 2>/dev/null
ctl search --job lab --json -o found.pcapng
readable=$(wc -l <"$OUT/ctl.out")
((readable >= 3 && readable < 12)) || fail "$readable rows can be read"
expect_equal "their packets" "$readable" "$(tcpdump -nr "$WORK/found.pcapng" 2>/dev/null | wc -l)"
comments >"$OUT/comments"
expect_line "$OUT/comments" "^cannot read a part of what job $lab recorded: [0-9]+ bytes at [0-9]+ of its rows are damaged\$"
CTL_AS=root ctl purge --job lab --before now --yes
ctl search --job lab -o found.pcapng
comments >"$OUT/comments"
expect_line "$OUT/comments" "^what job $lab \\(lab\\) recorded from 20[0-9T:-]+Z to 20[0-9T:-]+Z is no longer kept\$"
