#!/usr/bin/env bash
# Expected: with --names, an address is shown with the name that was seen for it, and JSON has the source of the name: an
# answer of DNS, or else the client that has called the server so. It is so live, for whoever follows a job, in its results,
# of a file, in each table, after a change of the filter, and in the past, also when the job has gone. The log and the results
# file stay as they are, and so does everything without the option. A job that is redacted knows no names, and none that it knew
# before the policy became stricter.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

names() { # JQ_FILTER, of the rows in ctl.out: the names of their addresses, each once
    jq -r "select($1) | .packetsentry.names // [] | .[] | \"\(.ip) \(.name) \(.source)\"" "$OUT/ctl.out" | sort -u | paste -sd ,
}
shows() { # REGEX ARGUMENTS…
    ctl "${@:2}" && grep -qE "$1" "$OUT/ctl.out"
}
call_server() { # NAME
    in_b curl -s --noproxy '*' --max-time 5 -o "$TEMP/fetched" --resolve "$1:80:10.77.0.1" "http://$1/"
}

serve_dns 10.77.0.1 --address=/shop.example/10.77.0.1
serve_http
start_daemon
CTL_AS=root ctl start -d -i eth0 --keep packets,flows,dns,http --name kept
expect_status 0
ctl start -d -i eth0 --name lab -o lab.pcapng
ctl start -d -i eth0 --name masked --redact addresses
ctl start -d -i eth0 --name cut --redact headers
ctl start -d -i eth0 --name changed
start_capture live start -i eth0 --names
start_ctl followed follow lab --names --json

# A client has called the server by a name, whatever its letters; then DNS tells another one, which is shown from now on.
call_server Called.Example
wait_until 10 "the request" has_lines 1 "$OUT/live.out" ' HTTP 10\.77\.0\.2 -> 10\.77\.0\.1 \(called\.example\) TCP [0-9]+ -> 80 GET'
ask shop.example
wait_until 10 "the answer" has_lines 1 "$OUT/live.out" ' DNS 10\.77\.0\.1 \(shop\.example\) -> 10\.77\.0\.2 DNS shop\.example A NOERROR 10\.77\.0\.1$'
call_server called.example
wait_until 10 "the second request" has_lines 1 "$OUT/live.out" ' HTTP 10\.77\.0\.2 -> 10\.77\.0\.1 \(shop\.example\) TCP [0-9]+ -> 80 GET'
interrupt live
expect_status 0
expect_line "$WORK/packetsentry.log" ' HTTP 10\.77\.0\.2 -> 10\.77\.0\.1 TCP [0-9]+ -> 80 GET'
expect_no_line "$WORK/packetsentry.log" ' \((called|shop)\.example\)'
expect_no_line "$(results_file)" ' \((called|shop)\.example\)'
wait_until 10 "both requests of who follows" has_lines 2 "$OUT/followed.out" '"method":"GET"'
interrupt followed
expect_equal "the names while packets came" '10.77.0.1 called.example http,10.77.0.1 shop.example dns' \
    "$(jq -r 'select(.http.request.method) | .packetsentry.names[] | "\(.ip) \(.name) \(.source)"' "$OUT/followed.out" | paste -sd ,)"

# Results, and each table.
ctl results lab --names
expect_line "$OUT/ctl.out" '^Source: 10\.77\.0\.2 -> Destination: 10\.77\.0\.1 \(called\.example\)$'
ctl results lab
expect_no_line "$OUT/ctl.out" ' \((called|shop)\.example\)'
ctl results lab --table dns --names --lines
expect_line "$OUT/ctl.out" ' DNS 10\.77\.0\.2 -> 10\.77\.0\.1 \(shop\.example\) DNS shop\.example A NOERROR 10\.77\.0\.1, after '
wait_until 10 "the ends of the conversations" shows ' HTTP 10\.77\.0\.2 -> 10\.77\.0\.1 \(shop\.example\) TCP [0-9]+ -> 80 ' \
    results lab --table flows --names --lines
ctl results lab --table http --names --json
expect_equal "the names of requests" '10.77.0.1 called.example http,10.77.0.1 shop.example dns' "$(names true)"

# The next worker knows what the one before has seen, though its filter lets no answer of DNS pass.
ctl filter changed -f tcp
expect_status 0
fetch / >/dev/null
wait_until 10 "the request behind the change" shows ' HTTP 10\.77\.0\.2 -> 10\.77\.0\.1 \(shop\.example\) TCP [0-9]+ -> 80 GET' \
    results changed --names --lines -Y 'url.domain == "10.77.0.1"'

# Of the file: a name is known in the whole batch, and packets alone are enough for that.
ctl stop lab
file=$WORK/lab.pcapng
ctl read "$file" --names --json
expect_equal "the names in the file" '10.77.0.1 shop.example dns' "$(names true)"
ctl read "$file" --json
expect_equal "names that nobody asked for" '' "$(names true)"
ctl read "$file" --names -f http --json
expect_equal "the names without DNS" '10.77.0.1 called.example http' "$(names true)"
for table in flows dns http; do
    ctl read "$file" --table "$table" --names
    expect_line "$OUT/ctl.out" ' 10\.77\.0\.2 -> 10\.77\.0\.1 \(shop\.example\) '
done

# Who redacts a job redacts its names.
for job in masked cut; do
    ctl results "$job" --names --json
    (($(wc -l <"$OUT/ctl.out") > 10)) || fail "job $job has no rows"
    expect_equal "the names of the job $job" '' "$(names true)"
    ctl results "$job" --table flows --names --json
    expect_equal "the names of flows of the job $job" '' "$(names true)"
done
ctl read "$file" --names --redact headers --json
expect_status 0
(($(wc -l <"$OUT/ctl.out") > 10)) || fail "the redacted file has no rows"
expect_equal "the names of a redacted file" '' "$(names true)"

# The past, and after the job has gone.
found() {
    CTL_AS=root ctl search --job kept --names --json -f http && [[ $(names '.http.request.method') == *'shop.example dns' ]]
}
wait_until 15 "the names in the spool" found
CTL_AS=root ctl search --job kept --names -f http -Y 'http.request.method' --last 1
expect_line "$OUT/ctl.out" ' HTTP 10\.77\.0\.2 -> 10\.77\.0\.1 \(shop\.example\) TCP [0-9]+ -> 80 GET'
CTL_AS=root ctl stop kept
for table in flows dns http; do
    CTL_AS=root ctl search --job kept --table "$table" --names
    expect_line "$OUT/ctl.out" ' 10\.77\.0\.2 -> 10\.77\.0\.1 \(shop\.example\) '
done
stop_daemon
rm -f "$TEMP"/state/jobs/*
start_daemon
CTL_AS=root ctl results kept --names --json -Y dns
expect_equal "the names in the spool" '10.77.0.1 shop.example dns' "$(names '.dns.type == "answer"')"

# If the policy becomes stricter, names of before are not in rows of afterwards: its filter lets no answer of DNS pass.
stop_daemon
allow() { # LINE
    write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop", "save", "filter"]
$1
END
}
allow ''
start_daemon_with_policy
start_ctl strict start -i eth0 --names --json --name strict --no-files
wait_until 10 "the capture" job_runs strict
ask shop.example
fetch / >/dev/null
wait_until 10 "the name" has_lines 1 "$OUT/strict.out" '"method":"GET"'
allow 'filter = "tcp"'
reload 'policy: .* is in force, with 1 rule$'
more_requests() { fetch / >/dev/null; has_lines 3 "$OUT/strict.out" '"method":"GET"'; }
wait_until 10 "requests behind the change" more_requests
interrupt strict
expect_equal "names before and behind the change" 'shop.example,,' \
    "$(jq -r 'select(.http.request.method) | [.packetsentry.names[]?.name] | join(" ")' "$OUT/strict.out" | uniq -c | awk '{print $2}' | paste -sd ,),"

# Wrong words.
ctl read "$file" --names -T csv
expect_status 1
expect_one_error "$OUT/ctl.err" '--names is for the formats text, blocks and json, and -T csv has no place for names: leave one of the two out$'
ctl start -d -i eth0 --names
expect_status 1
expect_one_error "$OUT/ctl.err" '--names does nothing with -d'
