#!/usr/bin/env bash
# Expected: a request of HTTP is one row with its response, live and of a file: one after the other on a connection, with
# a body for which the server asks, one that nobody answers because the connection ends, and one that still waits. What
# was masked or cut off in the packets is so here. Latency is that of the packets, by tshark.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

# What the rows in ctl.out say, a line each.
told() { # JQ_FILTER
    jq -r "$1" "$OUT/ctl.out"
}
has_row() { # JOB JQ_CONDITION
    ctl results "$1" --table http --json && [[ $(jq -c "select($2)" "$OUT/ctl.out") ]]
}
# Closes each connection without an answer, but for what asks it to wait.
serve_nothing() {
    in_a python3 -c '
import socket, time
server = socket.create_server(("10.77.0.1", 8080))
kept = []
while True:
    one, _ = server.accept()
    asked = one.recv(4096)
    kept.append(one) if b"/wait" in asked else one.close()' &
    wait_until 10 "the server that says nothing" in_a bash -c 'ss -Hltn "src 10.77.0.1:8080" | grep -q .'
}
# Asks for a body before it takes it.
serve_uploads() {
    in_a python3 -c '
import http.server
class Uploads(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()
http.server.ThreadingHTTPServer(("10.77.0.1", 8081), Uploads).serve_forever()' 2>/dev/null &
    wait_until 10 "the server for uploads" in_a bash -c 'ss -Hltn "src 10.77.0.1:8081" | grep -q .'
}
get() { # URL...
    in_b curl -s -o /dev/null --noproxy '*' --max-time 5 "$@" || true
}

start_daemon
serve_http
serve_nothing
serve_uploads
ctl start -d -i eth0 --name lab -o lab.pcapng
ctl start -d -i eth0 --name masked --redact addresses
ctl start -d -i eth0 --name cut --redact headers
get -A probe http://10.77.0.1/index.html
get 'http://10.77.0.1/missing?a=b%20c'
get http://10.77.0.1:8080/closed
get -H 'Expect: 100-continue' --data-binary "@/etc/services" http://10.77.0.1:8081/upload
get --max-time 1 http://10.77.0.1:8080/wait &
waits=$!
wait_until 10 "the upload" has_row lab '.http.response.status_code == 201'
wait "$waits"
expect_equal "what was answered" "GET /index.html 200
GET /missing 404
POST /upload 201" \
    "$(told 'select(.packetsentry.transaction.outcome == "answered") | "\(.http.request.method) \(.url.path) \(.http.response.status_code)"')"
expect_equal "who asks whom" "10.77.0.2 10.77.0.1 80 probe" \
    "$(told 'select(.url.path == "/index.html") | "\(.source.ip) \(.destination.ip) \(.destination.port) \(.user_agent.original)"')"
expect_equal "the interim response" 100 \
    "$(told 'select(.url.path == "/upload") | .packetsentry.http.interim.status_code')"
expect_equal "a connection that ended" unanswered \
    "$(told 'select(.url.path == "/closed") | .packetsentry.transaction.outcome')"

# The words of a person.
ctl results lab --table http --lines
expect_line "$OUT/ctl.out" "^$WHEN - HTTP 10\.77\.0\.2 -> 10\.77\.0\.1 HTTP GET 10\.77\.0\.1 /missing 404, after [0-9.]+ m?s\$"
expect_line "$OUT/ctl.out" ' HTTP GET 10\.77\.0\.1 /closed, no answer$'
ctl results lab --table http --json -Y 'http.response.status_code == 404'
expect_equal "those that are asked for" 'a=b%20c' "$(told .url.query)"

# Masked addresses stay masked, and what was cut off is not there.
ctl results masked --table http --json
expect_no_line "$OUT/ctl.out" '10\.77\.0\.|index|missing|probe'
ctl results cut --table http --json
expect_equal "rows of headers alone" 0 "$(wc -l <"$OUT/ctl.out")"

# The file has the same requests.
ctl stop lab
ctl show lab --json
expect_at_least "rows that are counted" 5 "$(told .ledger.http)"
file=$WORK/lab.pcapng
ctl read "$file" --table http --json
# That of the upload is another one there, because the interim response answers for tshark.
tshark -o http.desegment_body:FALSE -r "$file" -Y 'http.time && tcp.port == 80' -T fields -e http.time 2>/dev/null | sort >"$TEMP/by_tshark"
told 'select(.packetsentry.transaction.outcome == "answered" and .destination.port == 80) | .event.duration' |
    awk '{ printf "%.9f\n", $1 / 1e9 }' | sort >"$TEMP/by_us"
diff "$TEMP/by_tshark" "$TEMP/by_us" >&2 || fail "tshark has other times until the responses"
packets=$(told 'select(.url.path == "/missing") | .packetsentry.transaction | "\(.request_packet) \(.response_packet)"')
ctl read "$file" --json
read -r asks answers <<<"$packets"
expect_equal "the packet that asks" /missing "$(told "select(.event.sequence == $asks) | .url.path")"
expect_equal "the packet that answers" 404 "$(told "select(.event.sequence == $answers) | .http.response.status_code")"
ctl read "$file" --table http -T zeek
expect_line "$OUT/ctl.out" $'\t1\tGET\t10\\.77\\.0\\.1\t/missing\\?a=b c\t-\t1\\.[01]\t'

# In the foreground.
start_capture live start -i eth0 --table http --no-files
get http://10.77.0.1/again
interrupt live
expect_line "$OUT/live.out" ' HTTP GET 10\.77\.0\.1 /again 404, after [0-9.]+ m?s$'

# Wrong words.
ctl read "$file" --table http -Y 'dns.id == 1'
expect_status 4
expect_one_error "$OUT/ctl.err" "requests of HTTP have no 'dns\.id' \('packetsentryctl fields --table http' lists what they have\)\$"
