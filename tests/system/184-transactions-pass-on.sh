#!/usr/bin/env bash
# Expected: a question of DNS and a request of HTTP that wait for their answers while the filters of their jobs are
# changed are one row each, with the time from when they were sent, as the clients have measured it. A policy whose terms
# become stricter ends them instead.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

# A server that answers once, when it is told to.
serve_late() { # NAME PYTHON
    rm -f "$TEMP/$1.answer" "$TEMP/$1.late"
    mkfifo "$TEMP/$1.answer"
    in_a python3 -c "$2" "$TEMP/$1.answer" >"$TEMP/$1.late" 2>&1 </dev/null &
    wait_until 10 "the server of $1" grep -q ready "$TEMP/$1.late"
}
serve_late_name() {
    serve_late dig '
import socket, sys
late = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
late.bind(("10.77.0.1", 53))
print("ready", flush=True)
asked, client = late.recvfrom(512)
print("asked", flush=True)
open(sys.argv[1]).read()
end = asked.index(0, 12) + 5
head = asked[:2] + bytes.fromhex("8180 0001 0001 0000 0000")
late.sendto(head + asked[12:end] + bytes.fromhex("c00c 0001 0001 0000003c 0004 c0000207"), client)'
}
serve_late_page() {
    serve_late curl '
import socket, sys
late = socket.create_server(("10.77.0.1", 80))
print("ready", flush=True)
client, _ = late.accept()
client.recv(4096)
print("asked", flush=True)
open(sys.argv[1]).read()
client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")'
}
ask_late() { # WORD
    in_b dig +time=9 +tries=1 +noedns @10.77.0.1 "$1.example.test" >"$TEMP/dig.out" 2>&1 </dev/null &
    PIDS[dig]=$!
    in_b curl -sS --noproxy '*' --max-time 9 -w '%{time_pretransfer} %{time_starttransfer} %{http_code}\n' \
        "http://10.77.0.1/$1" >"$TEMP/curl.out" 2>&1 </dev/null &
    PIDS[curl]=$!
    wait_until 5 "the question" grep -q asked "$TEMP/dig.late"
    wait_until 5 "the request" grep -q asked "$TEMP/curl.late"
}
answer() {
    local client
    for client in dig curl; do
        echo >"$TEMP/$client.answer"
        wait_for_pid "${PIDS[$client]}" 5
    done
    expect_line "$TEMP/dig.out" 'IN.*A.*192\.0\.2\.7$'
    expect_line "$TEMP/curl.out" ' 200$'
}
rows_of() { wc -l <"$OUT/$1.out"; } # JOB
have_rows() { (($(rows_of names) == $1 && $(rows_of pages) == $1)); }
told() { # JOB ROW JQ_FILTER
    sed -n "$2p" "$OUT/$1.out" | jq -r "$3"
}
expect_duration() { # JOB CLIENT MILLISECONDS
    local told
    told=$(told "$1" 1 '.event.duration / 1000000 | floor')
    ((told - $3 <= 20 && $3 - told <= 20)) || fail "$2 has measured $3 ms, the row has $told ms"
}

write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop", "save", "filter"]
END
start_daemon_with_policy
start_ctl names start -i eth0 --table dns --json --name names --no-files
start_ctl pages start -i eth0 --table http --json --name pages --no-files
wait_until 10 "the capture of names" job_runs names
wait_until 10 "the capture of pages" job_runs pages
serve_late_name
serve_late_page
ask_late late
for change in "names -f dns" "names --filter-port 53" "pages -f http" "pages --filter-port 80"; do
    read -ra words <<<"$change"
    ctl filter "${words[@]}"
    expect_status 0
done
expect_equal "rows while they wait" "0 0" "$(rows_of names) $(rows_of pages)"
answer
wait_until 12 "the rows" have_rows 1
expect_equal "the question" "late.example.test answered 192.0.2.7 null" \
    "$(told names 1 '"\(.dns.question.name) \(.packetsentry.transaction.outcome) \(.dns.answers[0].data) \(.packetsentry.transaction.request_packet)"')"
expect_duration names dig "$(sed -n 's/^;; Query time: \([0-9]*\) msec$/\1/p' "$TEMP/dig.out")"
expect_equal "the request" "GET /late answered 200 null" \
    "$(told pages 1 '"\(.http.request.method) \(.url.path) \(.packetsentry.transaction.outcome) \(.http.response.status_code) \(.packetsentry.transaction.request_packet)"')"
expect_duration pages curl "$(awk '{ printf "%d", ($2 - $1) * 1000 }' "$TEMP/curl.out")"

# From now on addresses are masked.
serve_late_name
serve_late_page
ask_late stricter
write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop", "save", "filter"]
redact = { addresses = true }
END
reload 'policy: .* is in force, with 1 rule$'
wait_until 10 "what was asked before" have_rows 2
answer
for job in names pages; do
    interrupt "$job"
    expect_status 0
done
expect_equal "the question of before" "stricter.example.test stopped" \
    "$(told names 2 '"\(.dns.question.name) \(.packetsentry.transaction.outcome)"')"
expect_equal "the request of before" "/stricter stopped" \
    "$(told pages 2 '"\(.url.path) \(.packetsentry.transaction.outcome)"')"
expect_equal "rows" "2 2" "$(rows_of names) $(rows_of pages)"
