#!/usr/bin/env bash
# --json: one object a line, in the Elastic Common Schema, and no files.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
serve_dns
start_ctl capture start -i eth0 --bpf 'udp port 53 or icmp' --json --name named
wait_until 10 "the capture" job_runs named
ask www.example.test
ping_a 1
wait_until 3 "four packets" has_lines 4 "$OUT/capture.out" ''
interrupt capture
expect_status 0
cp "$OUT/capture.out" "$OUT/rows.json"
holds() { # JQ_CONDITION
    jq -es "$1" "$OUT/rows.json" >/dev/null || fail "not so in JSON: $1"
}
holds 'all(."@timestamp" | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{9}Z$"))'
holds '[.[].event.sequence] == [range(1; length + 1)]'
holds 'all(.observer.ingress.interface.name == "eth0" and .packetsentry.malformed != true)'
holds '.[0] | .network.transport == "udp" and .network.protocol == "dns" and .network.type == "ipv4"'
holds '.[0] | .source.ip == "10.77.0.2" and .destination.ip == "10.77.0.1" and .destination.port == 53'
holds '.[0] | .dns.question.name == "www.example.test" and .dns.question.type == "A"'
holds '.[1] | .dns.response_code == "NOERROR" and .dns.resolved_ip == ["192.0.2.7"]'
holds '.[0].packetsentry | .protocol == "DNS" and (.summary | startswith("DNS www.example.test"))'
holds 'all(.packetsentry.captured_bytes == .network.bytes)'
holds '.[0].source.mac | test("^[0-9A-F]{2}(-[0-9A-F]{2}){5}$")'
expect_equal "files beside JSON" 0 "$(find "$WORK" -type f | wc -l)"
