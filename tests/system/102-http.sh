#!/usr/bin/env bash
# A real web server and curl: the request line shows its method, the answer its status.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
serve_http
start_capture capture start -i eth0 -f http
expect_line "$OUT/capture.out" "^$WHEN - Starting capture on eth0 \(filter: tcp port 80 or tcp port 443\)$"
expect_equal "the fetch" 200 "$(fetch /index.html)"
expect_equal "the second fetch" 404 "$(fetch /missing)"
wait_until 3 "the second answer" has_lines 2 "$OUT/capture.out" 'HTTP 10.77.0.1 -> '
interrupt capture
expect_status 0
expect_count 2 "$OUT/capture.out" "^$WHEN - HTTP 10\.77\.0\.2 -> 10\.77\.0\.1 TCP [0-9]+ -> 80 GET( |$)"
expect_line "$OUT/capture.out" "^$WHEN - HTTP 10\.77\.0\.1 -> 10\.77\.0\.2 TCP 80 -> [0-9]+ .*200"
expect_line "$OUT/capture.out" "^$WHEN - HTTP 10\.77\.0\.1 -> 10\.77\.0\.2 TCP 80 -> [0-9]+ .*404"
expect_line "$OUT/capture.out" "^$WHEN - TCP 10\.77\.0\.2 -> 10\.77\.0\.1 TCP [0-9]+ -> 80( |$)"
