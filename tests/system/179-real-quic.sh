#!/usr/bin/env bash
# Expected: all datagrams of a real QUIC client and its server are QUIC, on a port that says nothing, also those
# with a short header and those whose fixed bit is cleared (RFC 9287). A hello that takes several datagrams, because
# the client resumes a session with a large ticket, has the name that this client says. Both are conversations of QUIC
# that have it, with as many packets as tcpdump counts, and handshakes of TLS whose hello is whole.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

# GnuTLS puts the client's certificate into the ticket.
names=$(printf 'DNS:host%d.long-name.example,' {1..40})
make_certificate quic.test
make_certificate client -addext "subjectAltName=${names%,}"
fetch_quic() {
    in_b timeout 10 gtlsclient -q --exit-on-all-streams-close --key "$TEMP/client.key" --cert "$TEMP/client.pem" \
        --session-file "$TEMP/session" --tp-file "$TEMP/parameters" 10.77.0.1 4433 \
        https://quic.test/openssl.log >"$TEMP/client.log" 2>&1
}

start_daemon
serve_quic quic.test 4433 --verify-client
start_ctl packets start -i eth0 --bpf 'udp port 4433' --json --name packets -o quic.pcap
wait_until 10 "the capture" job_runs packets
start_ctl flows start -i eth0 --table flows --json --name flows --no-files
wait_until 10 "the capture of conversations" job_runs flows
fetch_quic
fetch_quic
interrupt packets
expect_status 0
interrupt flows
expect_status 0

datagrams=$(tcpdump -nr "$WORK/quic.pcap" 2>/dev/null | wc -l)
expect_at_least "datagrams" 20 "$datagrams"
for kind in 'quic.header_form == 0' 'quic.fixed_bit == 0'; do
    expect_at_least "datagrams with $kind" 1 "$(tshark -nr "$WORK/quic.pcap" -Y "$kind" 2>/dev/null | wc -l)"
done
expect_equal "datagrams that are QUIC" "$datagrams" \
    "$(jq -r 'select(.network.protocol == "quic") | 1' "$OUT/packets.out" | wc -l)"
expect_at_least "datagrams of a hello, which have no other than short headers behind them" 3 \
    "$(jq -r 'select(.packetsentry.quic.packet_type == "Initial" and .destination.port == 4433) | 1' "$OUT/packets.out" | wc -l)"
conversations() { jq -c 'select(.destination.port == 4433)' "$OUT/flows.out"; }
expect_equal "conversations" "quic localhost,quic localhost" \
    "$(conversations | jq -r '"\(.network.protocol) \(.destination.domain[0])"' | paste -sd,)"
expect_equal "their packets" "$datagrams" "$(conversations | jq -s 'map(.source.packets + .destination.packets) | add')"
# The server acknowledges the first datagram of the long hello before the client has sent the last one.
ctl read "$WORK/quic.pcap" --table tls --json
expect_equal "handshakes" "localhost 1.3 true null,localhost 1.3 true null" \
    "$(jq -r '"\(.tls.client.server_name) \(.tls.version) \(.tls.established) \(.packetsentry.incomplete)"' "$OUT/ctl.out" | paste -sd,)"
expect_equal "fingerprints of hellos that are whole" 2 "$(jq -r 'select(.packetsentry.tls.ja4) | 1' "$OUT/ctl.out" | wc -l)"
