#!/usr/bin/env bash
# Expected: a conversation that lasts is one row, however often the filter of its job is changed meanwhile: with all
# its bytes, its beginning, and the letters of its handshake. A policy whose terms become stricter ends it
# instead: what was seen before is a row of its own. What DNS has said of names passes on too.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

# A connection to which this test adds a line at a time, and which answers each.
begin_talk() {
    [[ -s $TEMP/server.out ]] || serve
    rm -f "$TEMP/lines"
    mkfifo "$TEMP/lines"
    in_b python3 -c '
import socket, sys
talk = socket.create_connection(("10.77.0.1", 8080))
answers = talk.makefile("rb")
for line in open(sys.argv[1], "rb"):
    talk.sendall(line)
    print(answers.readline(), flush=True)
talk.shutdown(socket.SHUT_WR)
answers.read()' "$TEMP/lines" >"$TEMP/answers" 2>&1 </dev/null &
    PIDS[peer]=$!
    exec 3>"$TEMP/lines"
}
serve() {
    in_a python3 -c '
import socket
server = socket.create_server(("10.77.0.1", 8080))
print("ready", flush=True)
while True:
    peer, _ = server.accept()
    lines = peer.makefile("rb")
    for line in lines:
        peer.sendall(line)
    lines.close()
    peer.close()' >"$TEMP/server.out" 2>&1 </dev/null &
    wait_until 10 "the server" grep -q ready "$TEMP/server.out"
}
say() { # LINE
    local before
    before=$(wc -l <"$TEMP/answers")
    echo "$1" >&3
    wait_until 5 "the answer" has_more_lines "$before"
}
has_more_lines() { (($(wc -l <"$TEMP/answers") > $1)); }
end_talk() {
    exec 3>&-
    wait_for_pid "${PIDS[peer]}" 5
}
rows_of_it() { jq -c 'select(.destination.port == 8080)' "$OUT/$1.out"; }
has_rows() { (($(rows_of_it "$1" | wc -l) == $2)); } # NAME COUNT

write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop", "save", "filter"]
END
start_daemon_with_policy
start_ctl talk start -i eth0 --table flows --json --name talk -o talk.pcap
wait_until 10 "the capture" job_runs talk
start_ctl named start -i eth0 --table flows --json --name named --no-files
wait_until 10 "the other capture" job_runs named
serve_dns 10.77.0.1 --address=/named.test/10.77.0.1
ask named.test
ctl filter named -f tcp
expect_status 0
begin_talk
say "GET / HTTP/1.1"
for filter in "-f tcp" "--filter-ip 10.77.0.2" "--bpf tcp" "-f tcp --filter-port 8080"; do
    # shellcheck disable=SC2086
    ctl filter talk $filter
    expect_status 0
    say "0123456789"
done
expect_equal "rows while it lasts" 0 "$(rows_of_it talk | wc -l)"
end_talk
wait_until 12 "the conversation" has_rows talk 1
wait_until 12 "the conversation of the other job" has_rows named 1
interrupt named
expect_equal "the name of the server" '[["named.test"],["dns"]]' \
    "$(rows_of_it named | jq -c '[.destination.domain, .packetsentry.flow.domain_sources]')"
interrupt talk
expect_status 0
expect_equal "the conversation" "10.77.0.2 SF ShADadFf ended" \
    "$(rows_of_it talk | jq -r '"\(.source.ip) \(.packetsentry.flow.state) \(.packetsentry.flow.history) \(.packetsentry.flow.reason)"')"
expect_equal "its handshake" true "$(rows_of_it talk | jq '.packetsentry.flow.destination.round_trip_time > 0')"
expect_equal "its packets" "$(tcpdump -nr "$WORK/talk.pcap" tcp port 8080 2>/dev/null | wc -l)" \
    "$(rows_of_it talk | jq '.source.packets + .destination.packets')"
bytes=$(tcpdump -nvr "$WORK/talk.pcap" tcp port 8080 2>/dev/null | sed -n 's/.*, length \([0-9]*\))$/\1/p' | awk "{ sum += \$1 } END { print sum }")
expect_equal "its bytes" "$bytes" "$(rows_of_it talk | jq '.source.bytes + .destination.bytes')"
expect_line "$OUT/talk.err" ' shown, none lost$'

# From now on addresses are masked.
start_ctl stricter start -i eth0 --table flows --json --name stricter --no-files
wait_until 10 "the capture" job_runs stricter
begin_talk
say "before"
write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop", "save", "filter"]
redact = { addresses = true }
END
reload 'policy: .* is in force, with 1 rule$'
wait_until 10 "what was seen before" has_rows stricter 1
say "behind"
end_talk
wait_until 12 "what was seen behind" has_rows stricter 2
expect_equal "both rows" "stopped 10.77.0.2 ended masked" "$(rows_of_it stricter |
    jq -r '"\(.packetsentry.flow.reason) \(if .source.ip == "10.77.0.2" then .source.ip else "masked" end)"' | paste -sd ' ')"
interrupt stricter
