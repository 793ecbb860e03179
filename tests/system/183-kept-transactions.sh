#!/usr/bin/env bash
# Expected: a job that keeps questions of DNS, requests of HTTP and handshakes of TLS has a row of each in the spool, with
# the answer and through a restart of the daemon, and whoever may search finds it by the name, the answer and the ends, with
# an index and without. A user keeps them with --keep dns,http,tls, alone or beside others, and "results" of a job that has
# gone reads them from there.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

jobs="$TEMP/jobs"
mkdir -m 0755 "$jobs"
cat >"$jobs/asked.toml" <<END
interface = ["eth0"]
readers = { groups = ["$SOCKET_GROUP"] }
[keep.dns]
age = "90d"
[keep.http]
bytes = "100MiB"
[keep.tls]
END
runs() {
    CTL_AS=root ctl list --json
    jq -es 'map(select(.state == "running")) | length == 1' "$OUT/ctl.out" >/dev/null
}
rows() { wc -l <"$OUT/ctl.out"; }
finds() { # COUNT ARGUMENTS…
    ctl search --table dns "${@:2}" && (($(rows) == $1))
}

serve_dns
serve_http
serve_talk 10.77.0.1
start_daemon --jobs-dir "$jobs"
wait_until 5 "the standing job" runs
ask first.example.test
wait_until 12 "the question in the spool" finds 1 --name first.example.test
expect_line "$OUT/ctl.out" 'DNS first\.example\.test A NOERROR 192\.0\.2\.7, after [0-9.]+ [mµ]s$'
expect_line "$OUT/ctl.err" '^1 question of DNS was found in job asked \(kept since '
ctl search --table dns --json -Y 'dns.question.name == "first.example.test"'
expect_equal "the row" "10.77.0.2 10.77.0.1 53 answered 192.0.2.7" \
    "$(jq -r '"\(.source.ip) \(.destination.ip) \(.destination.port) \(.packetsentry.transaction.outcome) \(.dns.answers[0].data)"' "$OUT/ctl.out")"
id=$(jq -r .network.community_id "$OUT/ctl.out")
fetch / >/dev/null
finds_request() { # COUNT ARGUMENTS…
    ctl search --table http "${@:2}" && (($(rows) == $1))
}
wait_until 12 "the request in the spool" finds_request 1 --filter-port 80
expect_line "$OUT/ctl.out" ' HTTP GET 10\.77\.0\.1 / 200, after [0-9.]+ [mµ]s$'
expect_line "$OUT/ctl.err" '^1 request of HTTP was found in job asked \(kept since '
finds_request 0 -Y 'http.response.status_code == 404' || true
expect_equal "what was found" 0 "$(rows)"
talk 10.77.0.1 tls
finds_handshake() { # COUNT ARGUMENTS…
    ctl search --table tls "${@:2}" && (($(rows) == $1))
}
wait_until 12 "the handshake in the spool" finds_handshake 1 --filter-port 443
expect_line "$OUT/ctl.out" ' TLS tls\.example\.test .*, after [0-9.]+ [mµ]s$'
expect_line "$OUT/ctl.err" '^1 handshake of TLS was found in job asked \(kept since '
expect_equal "by its name" 1 "$(finds_handshake 1 --name tls.example.test && rows)"
# No packets are kept.
ctl search --job asked
expect_status 7
expect_one_error "$OUT/ctl.err" "no packets are kept of a job 'asked' in that time"

# The next daemon goes on, and the segment of the one before has an index.
stop_daemon
has_indexes() { (($(find "$TEMP/state/spool" -name '*.index' | wc -l) == 3)); }
start_daemon --jobs-dir "$jobs"
wait_until 5 "the standing job" runs
wait_until 10 "an index of each segment of before" has_indexes
ask second.example.test
wait_until 12 "both questions" finds 2 --filter-port 53
expect_equal "by the index" 1 "$(finds 1 --name first.example.test -Y 'dns.answers.data == 192.0.2.7' && rows)"
ctl search --table dns -Y "network.community_id == \"$id\"" --explain
expect_equal "the first question" 1 "$(rows)"
expect_line "$OUT/ctl.err" '^Segments: +2, of which 1 were asked by their index$'
finds 0 --name third.example.test || true
expect_equal "what nobody asked" 0 "$(rows)"
ctl search --table dns -T zeek
expect_line "$OUT/ctl.out" '^#path.dns$'
expect_equal "lines of dns.log" 2 "$(grep -c 'example.test' "$OUT/ctl.out")"
finds_request 1 -Y 'http.response.status_code == 200'
ctl show asked
expect_line "$OUT/ctl.out" '^Spool: +questions of DNS, requests of HTTP and handshakes of TLS are kept there, as the job'
expect_line "$OUT/ctl.out" '^HTTP in the spool: +.*; kept at most 100\.0 MiB$'
expect_line "$OUT/ctl.out" '^DNS in the spool: +.*; kept for 90 d$'
ctl list
expect_line "$OUT/ctl.out" 'questions of DNS since '

# Of a user.
CTL_AS=root ctl start -d -i eth0 --keep dns:1h,flows,http,tls --name mine
ask third.example.test
fetch / >/dev/null
talk 10.77.0.1 tls
CTL_AS=root ctl stop mine
stop_daemon
rm -f "$TEMP"/state/jobs/*
start_daemon --jobs-dir "$jobs"
CTL_AS=root ctl results mine --table dns --json
expect_status 0
expect_equal "rows of the job in the spool" third.example.test "$(jq -r '.dns.question.name' "$OUT/ctl.out")"
CTL_AS=root ctl results mine --table flows --json
expect_equal "flows of the job in the spool" 3 "$(rows)"
CTL_AS=root ctl results mine --table http --json
expect_equal "requests of the job in the spool" "200 /" "$(jq -r '"\(.http.response.status_code) \(.url.path)"' "$OUT/ctl.out")"
CTL_AS=root ctl results mine --table tls --json
expect_equal "handshakes of the job in the spool" tls.example.test "$(jq -r .tls.client.server_name "$OUT/ctl.out")"
ctl search --table dns -o x.pcapng
expect_status 1
expect_one_error "$OUT/ctl.err" '-o saves packets, and the rows of another table have none: leave --table out$'
