#!/usr/bin/env bash
# DNS, HTTP, TLS and QUIC over IPv6, from real servers where there are any: lines and JSON have the addresses, names,
# methods and versions, as they have over IPv4.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
serve_dns fd77::1
serve_http fd77::1
serve_talk fd77::1
filter=(-f dns -f http -f tls -f quic --filter-ip fd77::1)
start_capture lines start -i eth0 --no-files "${filter[@]}"
start_ctl rows start -i eth0 --json --name rows "${filter[@]}"
wait_until 10 "the capture in JSON" job_runs rows

in_b dig +short +time=2 +tries=3 @fd77::1 www.example.test AAAA >/dev/null
expect_equal "the fetch" 200 "$(fetch /index.html fd77::1)"
talk fd77::1 tls quic
for file in lines rows; do wait_until 5 "the QUIC datagram in $file" has_lines 1 "$OUT/$file.out" ' 443 Initial 1'; done
interrupt lines
expect_status 0
interrupt rows
expect_status 0

there='fd77::2 -> fd77::1' back='fd77::1 -> fd77::2'
expect_count 1 "$OUT/lines.out" "^$WHEN - DNS $there DNS www\.example\.test AAAA$"
expect_count 1 "$OUT/lines.out" "^$WHEN - DNS $back DNS www\.example\.test AAAA NOERROR 2001:db8::7$"
expect_count 1 "$OUT/lines.out" "^$WHEN - HTTP $there TCP [0-9]+ -> 80 GET /index\.html$"
expect_count 1 "$OUT/lines.out" "^$WHEN - HTTP $back TCP 80 -> [0-9]+ 200$"
expect_count 1 "$OUT/lines.out" "^$WHEN - TLS $there TCP [0-9]+ -> 443 Client Hello tls\.example\.test 1\.[0-9.,]+$" # as the client's library has them
expect_count 1 "$OUT/lines.out" "^$WHEN - TLS $back TCP 443 -> [0-9]+ Server Hello 1\.2( |$)"
expect_count 1 "$OUT/lines.out" "^$WHEN - QUIC $there UDP [0-9]+ -> 443 Initial 1$"

holds() { # JQ_CONDITION of one row
    jq -es "any($1)" "$OUT/rows.out" >/dev/null || fail "no row in JSON has: $1"
}
jq -es 'all(.network.type == "ipv6" and ([.source.ip, .destination.ip] | sort) == ["fd77::1", "fd77::2"])' \
    "$OUT/rows.out" >/dev/null || fail "a row in JSON has other addresses"
holds '.source.ip == "fd77::2" and .dns.question.name == "www.example.test" and .dns.question.type == "AAAA"'
holds '.source.ip == "fd77::1" and .dns.resolved_ip == ["2001:db8::7"]'
holds '.network.protocol == "http" and .http.request.method == "GET" and .url.path == "/index.html"'
holds '.network.protocol == "http" and .http.response.status_code == 200'
holds '.network.protocol == "tls" and .destination.port == 443 and .tls.client.server_name == "tls.example.test"'
holds '.network.protocol == "quic" and .network.transport == "udp" and .packetsentry.quic.version == "1"'
