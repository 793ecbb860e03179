#!/usr/bin/env bash
# Expected: a conversation has one Community ID, in its row and in each of its packets. --flow shows these packets and no
# others, of a file, of a job's memory and of a capture that begins; tcpdump has as many of the conversation's ends.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

lines() { wc -l <"$OUT/ctl.out"; }
ids() { jq -r '.network.community_id // empty' "$OUT/ctl.out" | sort -u; }
shows_flows() { # COUNT
    ctl results lab --table flows --json && (($(lines) >= $1))
}
id_of() { # JQ_CONDITION, of a flow in flows.json
    jq -r "select($1) | .network.community_id" "$OUT/flows.json"
}

start_daemon
serve_http
ctl start -d -i eth0 --name lab -o lab.pcapng
fetch / >/dev/null
fetch /again >/dev/null
ping_a 2
send_numbered 5001 1
wait_until 10 "two requests" shows_flows 2
ctl stop lab
file=$WORK/lab.pcapng

# Each conversation against tcpdump, by its ends.
ctl read "$file" --table flows --json
cp "$OUT/ctl.out" "$OUT/flows.json"
tuples=0
while read -r id source source_port destination port packets; do
    ctl read "$file" --flow "$id" --json
    expect_status 0
    expect_equal "packets of $id" "$packets" "$(lines)"
    expect_equal "the identifier in each of them" "$id" "$(ids)"
    expect_equal "packets that tcpdump has" "$packets" \
        "$(tcpdump -nr "$file" "host $source and host $destination and port $source_port and port $port" 2>/dev/null | wc -l)"
    tuples=$((tuples + 1))
done < <(jq -r 'select(.source.port and .destination.port and .network.type == "ipv4") | [.network.community_id, .source.ip,
    .source.port, .destination.ip, .destination.port, .source.packets + .destination.packets] | join(" ")' "$OUT/flows.json")
expect_at_least "conversations with ports" 3 "$tuples"

# An echo and its reply are one conversation, and the answer to a datagram that nobody takes is another. ARP is none.
echo_id=$(id_of '.network.transport == "icmp" and .destination.packets > 0')
ctl read "$file" --flow "$echo_id"
expect_line "$OUT/ctl.out" ' ICMP 10\.77\.0\.2 -> 10\.77\.0\.1 ICMP Echo request '
expect_line "$OUT/ctl.out" ' ICMP 10\.77\.0\.1 -> 10\.77\.0\.2 ICMP Echo reply '
expect_equal "echoes" "$(tcpdump -nr "$file" 'icmp[icmptype] == 8 or icmp[icmptype] == 0' 2>/dev/null | wc -l)" "$(count_lines "$OUT/ctl.out" ' ICMP Echo ')"
ctl read "$file" -Y 'arp and network.community_id' --json
expect_equal "ARP in a conversation" 0 "$(lines)"

# All packets with an identifier are those of the flows.
ctl read "$file" -T fields -e network.community_id -Y network.community_id
expect_equal "identifiers of packets" "$(jq -r .network.community_id "$OUT/flows.json" | sort -u)" "$(sort -u "$OUT/ctl.out")"
expect_equal "packets in conversations" "$(jq -s 'map((.source.packets // 0) + (.destination.packets // 0)) | add' "$OUT/flows.json")" "$(lines)"

# The row of one conversation, and what -Y leaves of its packets. A person finds the identifier too.
tcp_id=$(id_of '.network.transport == "tcp"' | head -n 1)
ctl read "$file" --table flows --flow "$tcp_id" --json
expect_equal "the row" "$tcp_id" "$(ids)"
expect_equal "rows" 1 "$(lines)"
ctl read "$file" --flow "$tcp_id" -Y 'http.request or dns' --json
expect_equal "requests" 1 "$(lines)"
ctl read "$file" --table flows -v
expect_line "$OUT/ctl.out" "^ +network\.community_id +$(sed 's/[+]/\\+/g' <<<"$tcp_id")( |\$)"
ctl read "$file" --flow "$tcp_id" -v
expect_line "$OUT/ctl.out" "^ +network\.community_id +$(sed 's/[+]/\\+/g' <<<"$tcp_id")( |\$)"

# The same rows in the memory of the daemon.
ctl read "$file" --flow "$tcp_id" --json
in_file=$(lines)
ctl results lab --flow "$tcp_id" --json
expect_equal "packets in memory" "$in_file" "$(lines)"
ctl results lab --table flows --flow "$tcp_id" --json
expect_equal "the row in memory" 1 "$(lines)"
ctl follow lab --from-start --flow "$tcp_id" --json
expect_equal "packets that are followed" "$in_file" "$(lines)"

# A capture of one conversation, whose datagrams always have the same ports.
udp_id=$(id_of '.network.transport == "udp" and .destination.port == 5001')
start_capture one start -i eth0 --flow "$udp_id" --no-files -c 1
send_numbered 5000 3
wait_for one
expect_line "$OUT/one.out" 'UDP 10\.77\.0\.2 -> 10\.77\.0\.1 UDP 7777 -> 5001'
expect_no_line "$OUT/one.out" '7777 -> 500[02]'

# A packet in a tunnel belongs to the conversation inside and to that of the tunnel.
tunnels=$(cd "$(dirname "${BASH_SOURCE[0]}")/../golden" && pwd)/tunnels.pcapng
ctl read "$tunnels" --table flows --json
cp "$OUT/ctl.out" "$OUT/tunnels.json"
inside=$(jq -r 'select(.packetsentry.flow.parent) | 1' "$OUT/tunnels.json" | wc -l)
expect_at_least "conversations inside of tunnels" 3 "$inside"
while read -r id packets; do
    ctl read "$tunnels" --flow "$id" --json
    expect_equal "packets of $id" "$packets" "$(lines)"
done < <(jq -r '"\(.network.community_id) \(.source.packets + .destination.packets)"' "$OUT/tunnels.json")

# What is no identifier, and one of which nothing is there.
ctl read "$file" --flow 10.77.0.1
expect_status 4
expect_one_error "$OUT/ctl.err" "'10\.77\.0\.1' is no Community ID; --flow takes one, such as 1:[^ ]*=, and 'packetsentryctl read FILE --table flows --json' shows that of each conversation\$"
ctl read "$file" --flow 1:LQU9qZlK+B5F3KDmev6m5PMibrg=
expect_status 0
expect_line "$OUT/ctl.err" '^no packet passed --flow; '
