#!/usr/bin/env bash
# Expected: a handshake of TLS is one row, live and of a file: with the certificate of the server up to TLS 1.2, as one that
# goes on with an earlier session, as one of TLS 1.3 whose server wants another hello, as one that a side refuses, as one
# that nobody answers, and as those of QUIC. Both hellos are the packets in which tshark sees them, and what they say is what
# tshark and openssl say. What was masked or cut off in the packets is so here.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

told() { # JQ_FILTER
    jq -r "$1" "$OUT/ctl.out"
}
of_name() { # NAME JQ_FILTER
    told "select(.tls.client.server_name == \"$1.test\") | $2"
}
has_rows() { # JOB COUNT
    ctl results "$1" --table tls --json && (($(wc -l <"$OUT/ctl.out") >= $2))
}
serve_tls() { # PORT OPTION…
    in_a openssl s_server -quiet -accept "10.77.0.1:$1" -cert "$TEMP/server.test.pem" -key "$TEMP/server.test.key" -www \
        -alpn h2,http/1.1 "${@:2}" >"$TEMP/server-$1.log" 2>&1 </dev/null &
    wait_until 10 "the server at port $1" listens "$1"
}
# Ends when the server closes the connection.
connect() { # PORT NAME OPTION…
    printf 'GET / HTTP/1.0\r\n\r\n' |
        in_b timeout 5 openssl s_client -connect "10.77.0.1:$1" -servername "$2.test" -ign_eof "${@:3}" >"$TEMP/client-$2.log" 2>&1 || true
}
serve_nothing() { # PORT
    in_a python3 -c "
import socket
server = socket.create_server(('10.77.0.1', $1))
while True:
    one, _ = server.accept()
    one.recv(4096)
    one.close()" &
    wait_until 10 "the server that says nothing" listens "$1"
}
# Too long for one segment.
names=$(printf 'DNS:host%d.long-name.example,' {1..60})
make_certificate server.test -addext "subjectAltName=DNS:server.test,${names%,}"
start_daemon
serve_tls 4433 -groups X25519
serve_tls 4434 -tls1_2
serve_nothing 4435
serve_quic server.test 4436
serve_quic server.test 4437 --validate-addr
ctl start -d -i eth0 --name lab -o lab.pcapng
ctl start -d -i eth0 --name masked --redact addresses
ctl start -d -i eth0 --name cut --redact headers
connect 4433 newest -tls1_3 -alpn h2
connect 4433 again -tls1_3 -groups P-384:X25519
connect 4434 older -tls1_2 -alpn http/1.1 -sess_out "$TEMP/session"
connect 4434 resumed -tls1_2 -sess_in "$TEMP/session"
connect 4434 doubted -tls1_2 -verify_return_error
connect 4434 refused -tls1_3
connect 4435 silent -tls1_3
for port in 4436 4437; do
    in_b timeout 10 gtlsclient -q --exit-on-all-streams-close 10.77.0.1 "$port" https://quic.test/openssl.log \
        >"$TEMP/client-quic-$port.log" 2>&1 || true
done
wait_until 10 "all handshakes" has_rows lab 9

expect_equal "who asks whom" "10.77.0.2 10.77.0.1 4433 tls" \
    "$(of_name newest '"\(.source.ip) \(.destination.ip) \(.destination.port) \(.network.protocol)"')"
expect_equal "TLS 1.3" "answered 1.3 [\"h2\"] true false x25519 TLS_AES_256_GCM_SHA384" \
    "$(of_name newest '"\(.packetsentry.transaction.outcome) \(.tls.version) \(.packetsentry.tls.client.alpn) \(.tls.established) \(.tls.resumed) \(.tls.curve) \(.tls.cipher)"')"
expect_equal "another hello" "true true" "$(of_name again '"\(.packetsentry.tls.hello_retry_request) \(.tls.established)"')"
expect_equal "TLS 1.2" "answered 1.2 http/1.1 true false CN=server.test" \
    "$(of_name older '"\(.packetsentry.transaction.outcome) \(.tls.version) \(.tls.next_protocol) \(.tls.established) \(.tls.resumed) \(.tls.server.subject)"')"
expect_equal "an earlier session" "1.2 true true null" \
    "$(of_name resumed '"\(.tls.version) \(.tls.established) \(.tls.resumed) \(.tls.server.subject)"')"
expect_equal "a certificate that is not trusted" "answered false fatal" \
    "$(of_name doubted '"\(.packetsentry.transaction.outcome) \(.tls.established) \(.packetsentry.tls.alert.level)"')"
expect_equal "a version that the server does not speak" "unanswered protocol_version" \
    "$(of_name refused '"\(.packetsentry.transaction.outcome) \(.packetsentry.tls.alert.description)"')"
expect_equal "a server that says nothing" unanswered "$(of_name silent .packetsentry.transaction.outcome)"
expect_equal "QUIC, with and without a Retry" "localhost answered 1.3 true false,localhost answered 1.3 true false" \
    "$(told 'select(.network.protocol == "quic") | "\(.tls.client.server_name) \(.packetsentry.transaction.outcome) \(.tls.version) \(.tls.established) \(.tls.resumed)"' | paste -sd,)"

# The certificate, by openssl.
certificate() { openssl x509 -in "$TEMP/server.test.pem" -noout "$@"; }
expect_equal "its fingerprint" "$(certificate -fingerprint -sha256 | sed 's/.*=//; s/://g')" "$(of_name older .tls.server.hash.sha256)"
expect_equal "its serial number" "$(certificate -serial | sed 's/.*=//')" "$(of_name older .tls.server.x509.serial_number)"
expect_equal "its end" "$(date -d "$(certificate -enddate | sed 's/.*=//')" +%s)" \
    "$(date -d "$(of_name older .tls.server.not_after)" +%s)"
expect_equal "its first and last name" "61 server.test host60.long-name.example" \
    "$(of_name older '.tls.server.x509.alternative_names | "\(length) \(.[0]) \(.[-1])"')"

# The words of a person.
ctl results lab --table tls --lines
expect_line "$OUT/ctl.out" "^$WHEN - TLS 10\.77\.0\.2 -> 10\.77\.0\.1 TLS older\.test 1\.2 .*, after [0-9.]+ [mµ]?s\$"
expect_line "$OUT/ctl.out" ' refused\.test .*protocol_version.*, no answer$'
expect_line "$OUT/ctl.out" ' doubted\.test .*not established'
ctl results lab --table tls --json -Y 'tls.established == false'
expect_equal "those that are asked for" doubted.test "$(told .tls.client.server_name)"

# Masked addresses stay masked, and what was cut off is not there.
ctl results masked --table tls --json
expect_no_line "$OUT/ctl.out" '10\.77\.0\.|\.test|long-name'
ctl results cut --table tls --json
expect_equal "rows of headers alone" 0 "$(wc -l <"$OUT/ctl.out")"

# The file has the same handshakes, and tshark sees the hellos in the same packets.
ctl stop lab
ctl show lab --json
expect_at_least "rows that are counted" 9 "$(told .ledger.tls)"
file=$WORK/lab.pcapng
ctl read "$file" --table tls --json
of_quic() { # JQ_FILTER
    told "select(.network.protocol == \"quic\") | $1" | sort | paste -sd,
}
by_tshark() { # FILTER FIELD…
    local fields=()
    for field in "${@:2}"; do fields+=(-e "$field"); done
    tshark -r "$file" -d tcp.port==4433,tls -d tcp.port==4434,tls -d tcp.port==4435,tls -Y "$1" -T fields "${fields[@]}" 2>/dev/null
}
expect_equal "packets with the first hello of a client" \
    "$(by_tshark 'tls.handshake.type == 1 && tcp' frame.number tls.handshake.extensions_server_name | awk '!seen[$2]++ { print $1 }' | paste -sd,)" \
    "$(told 'select(.network.protocol == "tls") | .packetsentry.transaction.request_packet' | sort -n | paste -sd,)"
expect_equal "packets with the hello of a server" \
    "$(by_tshark 'tls.handshake.type == 2 && tcp && !(tls.handshake.random == cf:21:ad:74:e5:9a:61:11:be:1d:8c:02:1e:65:b8:91:c2:a2:11:16:7a:bb:8c:5e:07:9e:09:e2:c8:a8:33:9c)' frame.number | paste -sd,)" \
    "$(told 'select(.network.protocol == "tls" and .packetsentry.transaction.response_packet) | .packetsentry.transaction.response_packet' | sort -n | paste -sd,)"
expect_equal "packets of QUIC with the hello of a server" "$(by_tshark 'tls.handshake.type == 2 && quic' frame.number | sort | paste -sd,)" \
    "$(of_quic .packetsentry.transaction.response_packet)"
expect_equal "ciphers of QUIC" "$(by_tshark 'tls.handshake.type == 2 && quic' tls.handshake.ciphersuite | sort | paste -sd,)" \
    "$(of_quic .packetsentry.tls.cipher_number | tr , '\n' | xargs printf '0x%04x\n' | paste -sd,)"
ctl read "$file" --table tls -T zeek
expect_line "$OUT/ctl.out" $'\tTLSv12\tTLS_[A-Z0-9_]+\tx25519\tolder\\.test\tF\t-\t'

# In the foreground.
start_capture live start -i eth0 --table tls --no-files
connect 4433 live -tls1_3
interrupt live
expect_line "$OUT/live.out" ' live\.test 1\.3 .*, after [0-9.]+ [mµ]?s$'

# Wrong words.
ctl read "$file" --table tls -Y 'dns.id == 1'
expect_status 4
expect_one_error "$OUT/ctl.err" "handshakes of TLS have no 'dns\.id' \('packetsentryctl fields --table tls' lists what they have\)\$"
