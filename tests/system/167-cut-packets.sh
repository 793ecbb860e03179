#!/usr/bin/env bash
# With a short snapshot length the lengths on a line are those of the headers; a handshake has no payload.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
serve_http
for length in 54 60 66 70 0; do
    start_capture "cut$length" start -i eth0 -s "$length" --filter-port 80
    fetch / >/dev/null
    wait_until 5 "the end of the connection" has_lines 2 "$OUT/cut$length.out" 'TCP .*FIN'
    interrupt "cut$length"
    expect_status 0
    expect_line "$OUT/cut$length.out" ' TCP [0-9]+ -> 80 \[SYN\]$'
    expect_line "$OUT/cut$length.out" ' TCP 80 -> [0-9]+ \[SYN,ACK\]$'
    expect_line "$OUT/cut$length.out" ' TCP [0-9]+ -> 80 \[ACK\]$'
    expect_no_line "$OUT/cut$length.out" '\[malformed\]'
done
expect_no_line "$OUT/cut60.out" '\[SYN.*bytes'
