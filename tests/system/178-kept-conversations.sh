#!/usr/bin/env bash
# Expected: a job that keeps flows has a row of each conversation in the spool, through a restart of the daemon, with a
# retention of its own, and whoever may search finds it by what it was about. Its segments have an index. A user keeps
# flows with --keep, alone or beside packets. "results" of a job that has gone reads them from there.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

jobs="$TEMP/jobs"
mkdir -m 0755 "$jobs"
cat >"$jobs/lab.toml" <<END
interface = ["eth0"]
readers = { groups = ["$SOCKET_GROUP"] }
[keep.packets]
age = "1h"
[keep.flows]
age = "90d"
END
cat >"$jobs/who.toml" <<END
interface = ["eth0"]
readers = { groups = ["$SOCKET_GROUP"] }
[keep.flows]
bytes = "100MiB"
END
run_both() {
    CTL_AS=root ctl list --json
    jq -es 'map(select(.state == "running")) | length == 2' "$OUT/ctl.out" >/dev/null
}
rows() { wc -l <"$OUT/ctl.out"; }
finds() { # COUNT ARGUMENTS…
    ctl search --table flows "${@:2}" && (($(rows) == $1))
}

serve_http
serve_dns
start_daemon --jobs-dir "$jobs"
wait_until 5 "both jobs" run_both
fetch / >/dev/null
wait_until 12 "the conversation in both jobs" finds 2 --filter-port 80
expect_line "$OUT/ctl.err" '^2 flows were found: 1 in job [a-z]* \(kept since .*\), 1 in job [a-z]* \(kept since '
ctl search --table flows --job lab --filter-port 80 --json
expect_equal "the row" "10.77.0.2 10.77.0.1 80 tcp http SF" \
    "$(jq -r '"\(.source.ip) \(.destination.ip) \(.destination.port) \(.network.transport) \(.network.protocol) \(.packetsentry.flow.state)"' "$OUT/ctl.out")"
id=$(jq -r .network.community_id "$OUT/ctl.out")

# Conversations that have not ended are rows when the daemon ends, and the next one's rows follow them.
ask first.example.test
stop_daemon
start_daemon --jobs-dir "$jobs"
wait_until 5 "both jobs" run_both
wait_until 5 "the conversations of before the restart" finds 1 --job who -f dns
ctl search --table flows --job who -f dns -Y 'packetsentry.flow.reason == stopped' --json
expect_equal "the reason" stopped "$(jq -r .packetsentry.flow.reason "$OUT/ctl.out")"
has_indexes() { [[ $(find "$TEMP/state/spool" -name '*.index' | wc -l) == 3 ]]; }
wait_until 10 "an index of each segment of before" has_indexes
fetch / >/dev/null
wait_until 12 "the second request" finds 2 --job who --filter-port 80
ctl search --table flows --job who --filter-ip 10.77.0.1 -Y 'network.protocol == http and source.packets > 2' --explain --json
expect_equal "rows of both daemons" 2 "$(rows)"
expect_line "$OUT/ctl.err" '^Segments: +2, of which 1 were asked by their index$'
ctl search --table flows --job who -Y "network.community_id == \"$id\"" --json
expect_equal "the first conversation" 1 "$(rows)"
ctl search --table flows --job who --last 1 --json
expect_equal "the newest" 1 "$(rows)"
ctl search --table flows --job who -T zeek
expect_line "$OUT/ctl.out" '^#path'
ctl search --table flows --filter-ip 192.0.2.1
expect_line "$OUT/ctl.err" '^no flow was found in 2 jobs: '
# A job that keeps flows alone has no packets, and packets are found all the same.
ctl search --job who
expect_status 7
expect_one_error "$OUT/ctl.err" "no packets are kept of a job 'who' in that time"
ctl search --job lab --filter-port 80
expect_at_least "packets" 10 "$(rows)"
ctl show who --json
expect_equal "what it keeps" flows "$(jq -r '.spool[].table' "$OUT/ctl.out")"
ctl show lab
expect_line "$OUT/ctl.out" '^Spool: +packets, rows and flows are kept there, as the job'
expect_line "$OUT/ctl.out" '^Flows in the spool: +.*; kept for 90 d$'
expect_line "$OUT/ctl.out" '^Packets in the spool: +.*; kept for '

# Of a user. The packets are removed, the conversations stay.
CTL_AS=root ctl start -d -i eth0 -f http --keep rows:1h,flows --name mine
fetch / >/dev/null
CTL_AS=root ctl stop mine
CTL_AS=root ctl results mine --table flows --json
expect_equal "rows of the job" 1 "$(rows)"
stop_daemon
rm -f "$TEMP"/state/jobs/*
start_daemon --jobs-dir "$jobs"
CTL_AS=root ctl results mine --table flows --json
expect_status 0
expect_equal "rows of the job in the spool" 1 "$(rows)"
expect_line "$OUT/ctl.err" 'the daemon no longer has this job'

# Wrong words.
ctl search --table flows -o x.pcapng
expect_status 1
expect_one_error "$OUT/ctl.err" '-o saves packets, and the rows of another table have none: leave --table out$'
ctl search --table flows -Y dns
expect_status 4
ctl search --table flow
expect_status 1
for wrong in flow packets, packets:1GiB:2 ,; do
    ctl start -d -i eth0 --keep "$wrong"
    expect_status 1
    expect_one_error "$OUT/ctl.err" 'as in --keep packets:1GiB or --keep rows:30d,flows:90d$'
done
