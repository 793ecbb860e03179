#!/usr/bin/env bash
# What standing jobs have kept is searched: at once, by everything a row has, with the packets, by those whom the job's
# file names, over a restart and the death of a worker. Then it is removed.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

jobs="$TEMP/jobs"
mkdir -m 0755 "$jobs"
cat >"$jobs/lab.toml" <<END
interface = ["eth0"]
readers = { groups = ["$SOCKET_GROUP"] }
[keep.packets]
age = "1d"
END
printf 'interface = ["eth0"]\nfilter = { protocol = ["dns"] }\n[keep.rows]\nage = "1d"\n' >"$jobs/secret.toml"
run_both() {
    CTL_AS=root ctl list --json
    jq -es 'map(select(.state == "running")) | length == 2' "$OUT/ctl.out" >/dev/null
}
lines() { wc -l <"$OUT/ctl.out"; }
# A disk that others keep busy may take a moment more; a second is the promise.
finds() { # COUNT ARGUMENTS…
    ctl search "${@:2}" && (($(lines) == $1))
}

serve_dns
start_daemon --jobs-dir "$jobs"
wait_until 5 "both jobs" run_both
ask first.example.test
ping_a 3

# It is found at once, though its block of rows is still open, and only by whom it is for.
wait_until 1 "the rows of a reader" finds 2 -f dns
expect_status 0
expect_line "$OUT/ctl.out" "^$WHEN - DNS 10\.77\.0\.2 -> 10\.77\.0\.1 DNS first\.example\.test"
expect_line "$OUT/ctl.err" '^2 packets were found in job lab \(kept since '
CTL_AS=root ctl search -f dns
expect_equal "rows of root" 4 "$(lines)"
expect_line "$OUT/ctl.out" '\[job secret\]$'
ctl search --job secret
expect_status 7

# A restart closes the segments, which then get an index. A worker that is killed costs no row that was reported.
stop_daemon
start_daemon --jobs-dir "$jobs"
wait_until 5 "both jobs" run_both
ask second.example.test
wait_until 1 "the rows of the second question" finds 2 --name 'second.*'
pkill -KILL -P "$DAEMON_PID"
wait_until 5 "the death of the worker" grep -q 'job lab .* it is started again in' "$TEMP/daemon.log"
has_indexes() { [[ $(find "$TEMP/state/spool/1" -name '*.index' | wc -l) == 2 ]]; }
wait_until 5 "the indexes" has_indexes
wait_until 10 "both jobs" run_both
ask third.example.test
wait_until 1 "the rows of the third question" finds 2 --name 'third.*'
ctl search -o found.pcapng # of everything, which the next one replaces
expect_at_least "all packets" 12 "$(tcpdump -nr "$WORK/found.pcapng" 2>/dev/null | wc -l)"
ctl search --name '*.example.test' --explain -o found.pcapng
expect_status 0
expect_equal "rows of three questions" 6 "$(lines)"
expect_equal "their packets" 6 "$(tcpdump -nr "$WORK/found.pcapng" 2>/dev/null | wc -l)"
expect_line "$OUT/ctl.err" '^Segments: +3, of which 2 were asked by their index'
ctl search -Y 'dns.qry.name contains "first" or icmp' --json -c 3
expect_equal "the first three" "first.example.test first.example.test null" \
    "$(jq -r '.dns.question.name' "$OUT/ctl.out" | tr '\n' ' ' | sed 's/ $//')"
# The packets of a conversation, by the index of the segments that have one.
id=$(ctl search --name 'second.*' --json -c 1 && jq -r .network.community_id "$OUT/ctl.out")
ctl search --job lab --flow "$id" --explain -o flow.pcapng
expect_status 0
expect_equal "packets of a question and its answer" 2 "$(lines)"
expect_count 2 "$OUT/ctl.out" 'DNS second\.example\.test'
expect_equal "packets of the file" 2 "$(tcpdump -nr "$WORK/flow.pcapng" 2>/dev/null | wc -l)"
expect_line "$OUT/ctl.err" '^Segments: +3, of which 2 were asked by their index'
expect_line "$OUT/ctl.err" '^Blocks: +[0-9]+, of which [0-9]+ were read'
ctl search --job lab -Y "network.community_id == \"$id\" and dns.flags.response == 1" --json
expect_equal "the answer" 1 "$(lines)"
ctl search --job lab --flow 1:LQU9qZlK+B5F3KDmev6m5PMibrg=
expect_status 0
expect_equal "a conversation that was not" 0 "$(lines)"
expect_line "$OUT/ctl.err" '^no packet passed --flow; '
ctl search --reverse -f dns -c 1
expect_line "$OUT/ctl.out" 'third\.example\.test .*NOERROR'
ctl search --since '1h ago' --until '30m ago'
expect_status 0
expect_equal "rows of another time" 0 "$(lines)"

# Questions that cannot be asked.
ctl search --bpf icmp
expect_status 1
ctl search -Y 'dns.qry.nam == 1'
expect_status 4

# Nobody but root removes what a standing job has kept. What is being written stays.
ctl purge --job lab --before now --yes
expect_status 7
CTL_AS=root ctl purge --job lab --before now
expect_status 1
CTL_AS=root ctl purge --job lab --before now --dry-run
expect_line "$OUT/ctl.out" '^2 segments with [0-9]+ rows \(.*\) would be removed$'
CTL_AS=root ctl purge --job lab --before now --yes
expect_line "$OUT/ctl.out" '^2 segments with [0-9]+ rows \(.*\) were removed$'
expect_line "$OUT/ctl.out" 'what is being written now always stays$'
ctl search --name '*.example.test'
expect_equal "rows that are left" 2 "$(lines)"
expect_line "$OUT/ctl.err" 'no longer kept'
CTL_AS=root ctl show lab
expect_line "$OUT/ctl.out" '^Packets in the spool: +[0-9.]+ (B|KiB), since '
expect_line "$TEMP/daemon.log" 'uid 0 removed what job lab had kept: 2 segments'
