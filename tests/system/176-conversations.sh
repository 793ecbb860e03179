#!/usr/bin/env bash
# Expected: a conversation is one row, live and of a file, for whoever follows a job and for whoever asks later. Its
# packets and bytes are those that tcpdump has in the file; its states are Zeek's. Who asks flows what they have not, or
# packets in a format of flows, is told what to do. What was masked in the packets is masked in their conversations. A
# conversation has the names by which its server was called, with where they are from.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

flow() { # JQ_FILTER, of the only row in ctl.out
    jq -r "$1" "$OUT/ctl.out"
}
rows() { wc -l <"$OUT/ctl.out"; }
shows_flows() { # COUNT [JOB]
    ctl results "${2:-lab}" --table flows --json && (($(rows) == $1))
}

shows_http() { # JOB
    ctl results "$1" --table flows --json && [[ $(jq 'select(.destination.port == 80)' "$OUT/ctl.out") ]]
}

start_daemon
serve_http
ctl start -d -i eth0 -f tcp --name lab -o lab.pcapng
ctl start -d -i eth0 -f tcp --name masked --redact addresses
fetch / >/dev/null
wait_until 10 "the end of the conversation" shows_flows 1
expect_equal "the row" "10.77.0.2 10.77.0.1 80 tcp http SF internal ended" \
    "$(flow '"\(.source.ip) \(.destination.ip) \(.destination.port) \(.network.transport) \(.network.protocol) \(.packetsentry.flow.state) \(.network.direction) \(.packetsentry.flow.reason)"')"
live=$(flow '[.source.packets, .destination.packets, .source.bytes, .destination.bytes, .network.community_id] | join(" ")')

# The words of a person.
ctl results lab --table flows --lines
expect_line "$OUT/ctl.out" '^20[0-9: -]+ - HTTP 10\.77\.0\.2 -> 10\.77\.0\.1 TCP [0-9]+ -> 80 SF [0-9.]+ m?s, [0-9]+ packets [0-9.]+ K?i?B out, [0-9]+ packets [0-9.]+ K?i?B back$'
wait_until 10 "the masked conversation" shows_flows 1 masked
expect_no_line "$OUT/ctl.out" '10\.77\.0\.[12]'
expect_equal "nobody knows where a masked address is" null "$(flow .network.direction)"

# The file has the same conversation.
ctl stop lab
file=$WORK/lab.pcapng
ctl read "$file" --table flows --json
expect_equal "the conversation of the file" "$live" \
    "$(flow '[.source.packets, .destination.packets, .source.bytes, .destination.bytes, .network.community_id] | join(" ")')"
expect_equal "packets of both sides" "$(tcpdump -nr "$file" 2>/dev/null | wc -l)" "$(flow '.source.packets + .destination.packets')"
bytes=$(tcpdump -nvr "$file" 2>/dev/null | sed -n 's/.*, length \([0-9]*\))$/\1/p' | awk "{ sum += \$1 } END { print sum }")
expect_equal "bytes of both sides" "$bytes" "$(flow '.source.bytes + .destination.bytes')"
ctl read "$file" --table flows
expect_line "$OUT/ctl.err" "^1 flow of $(tcpdump -nr "$file" 2>/dev/null | wc -l) packets shown, none lost\$"
ctl read "$file" --table flows -T zeek
expect_equal "fields of the head and of the row" "$(sed -n 's/^#fields\t//p' "$OUT/ctl.out" | tr '\t' '\n' | wc -l)" \
    "$(tail -n 1 "$OUT/ctl.out" | tr '\t' '\n' | wc -l)"
expect_line "$OUT/ctl.out" $'\ttcp\thttp\t[0-9.]+\t[0-9]+\t[0-9]+\tSF\tT\tT\t0\t'
ctl read "$file" --table flows -Y 'packetsentry.flow.state == S0' --json
expect_equal "attempts" 0 "$(rows)"
ctl read "$file" --table flows -Y 'source.packets > 3 and network.protocol == http' --json
expect_equal "those that are asked for" 1 "$(rows)"

# What a segment is to its connection, for whoever asks: the request is in the file twice.
editcap -F pcapng -r "$file" "$TEMP/again.pcapng" 4
mergecap -a -w "$WORK/twice.pcapng" "$file" "$TEMP/again.pcapng"
ctl read twice.pcapng -Y tcp.analysis.retransmission --json
expect_equal "segments that were sent again" 1 "$(rows)"
expect_equal "the mark" true "$(flow .packetsentry.tcp.retransmission)"
ctl read twice.pcapng -Y tcp.analysis.retransmission
expect_line "$OUT/ctl.err" '^1 packet shown, none lost$'

# The names by which the server was called: by the client, and by DNS before. Masked packets have none of them.
serve_dns 10.77.0.1 --address=/shop.example/10.77.0.1
ctl start -d -i eth0 --name named
ctl start -d -i eth0 --name nameless --redact addresses
ask shop.example
in_b curl -s --noproxy '*' --max-time 5 -o "$TEMP/fetched" --resolve shop.example:80:10.77.0.1 http://Shop.Example/
for job in named nameless; do
    wait_until 10 "the end of the conversation of $job" shows_http "$job"
    jq -c 'select(.destination.port == 80) | [.destination.domain, .packetsentry.flow.domain_sources]' "$OUT/ctl.out" \
        >"$TEMP/$job.names"
done
expect_equal "the names of the server" '[["shop.example","shop.example"],["http","dns"]]' "$(<"$TEMP/named.names")"
expect_equal "the names of a masked conversation" '[null,null]' "$(<"$TEMP/nameless.names")"
ctl results named --table flows --lines
expect_line "$OUT/ctl.out" ' HTTP 10\.77\.0\.2 -> 10\.77\.0\.1 TCP [0-9]+ -> 80 \(shop\.example\) SF '
ctl results named --table flows -Y 'destination.domain == "shop.example"' --json
expect_equal "the conversations with a server of this name" 1 "$(rows)"
ctl stop named
ctl stop nameless

# A foreground capture shows them as they end, and the others when it ends.
start_capture live start -i eth0 -f udp --table flows --no-files
send_numbered 5000 2
sleep 0.5
interrupt live
expect_line "$OUT/live.out" 'UDP 10\.77\.0\.2 -> 10\.77\.0\.1 UDP 7777 -> 5001 S0 0\.000 ms, 1 packet [0-9]+ B out, 0 packets 0 B back$'

# Wrong words.
ctl read "$file" --table flow
expect_status 1
expect_one_error "$OUT/ctl.err" "there is no table 'flow'; --table takes packets, flows, dns, http, tls\$"
ctl read "$file" -T zeek
expect_status 1
expect_one_error "$OUT/ctl.err" '-T zeek is a format of flows, dns, http and tls: add --table flows, --table dns, --table http or --table tls$'
ctl read "$file" --table flows -Y dns
expect_status 4
expect_line "$OUT/ctl.err" "flows have no 'dns'; ask 'network\.protocol == dns'"
ctl read "$file" --table flows -x
expect_status 1
expect_one_error "$OUT/ctl.err" '-x shows the bytes of packets, and a flow has none: leave --table out, or -x$'
