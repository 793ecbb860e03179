# TLS 1.2 over IPv4 and TLS 1.3 over IPv6, with the name of the server and a certificate that is thrown away.
# shellcheck shell=bash

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=www.example.org \
    -keyout "$TEMP/key.pem" -out "$TEMP/certificate.pem" 2>"$OUT/openssl.err"

serve_tls() { # ADDRESS
    in_a openssl s_server -accept "$1" -rev -key "$TEMP/key.pem" -cert "$TEMP/certificate.pem" -alpn h2,http/1.1 \
        -num_tickets 0 >>"$TEMP/tls.log" 2>&1 </dev/null &
}
serve_tls 192.0.2.1:443
serve_tls '[2001:db8::1]:443'
wait_until 20 "the TLS servers" has_lines 2 "$TEMP/tls.log" ACCEPT

speak_tls() { # ADDRESS OPTIONS…
    in_b openssl s_client -connect "$1" -servername www.example.org -alpn h2,http/1.1 "${@:2}" \
        >/dev/null 2>>"$OUT/openssl.err" </dev/null
}

begin_packetsentry tls eth0 'tcp port 443'
speak_tls 192.0.2.1:443 -tls1_2
speak_tls '[2001:db8::1]:443' -tls1_3
end_packetsentry tls
pack tls.pcapng zstd -q -19
