#!/usr/bin/env bash
# What stands in a payload beside its first thing, or in an unusual form: DNS operations, classes, extended codes
# and further messages; records of TLS; a proxy's header; requests of HTTP.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

packet() { # NAME TEXT2PCAP_OPTIONS…: the payload is on standard input
    od -Ax -tx1 -v >"$TEMP/payload.hex"
    text2pcap -q "${@:2}" "$TEMP/payload.hex" "$WORK/$1.pcap" 2>"$TEMP/text2pcap.log" ||
        fail "text2pcap cannot make $1: $(tail -n 3 "$TEMP/text2pcap.log")"
    echo "$WORK/$1.pcap" >>"$OUT/names"
}
bytes() { xxd -r -p <<<"$*"; }

NAME='076578616d706c65036f726700' # example.org
bytes 0001 2800 0001 0000 0000 0000 $NAME 0006 0001 | packet update -u 4000,53
bytes 0002 2400 0001 0000 0000 0000 $NAME 0006 0001 | packet notify -u 4000,53
bytes 0003 8107 0001 0000 0000 0001 $NAME 0006 0001 00 0029 04d0 01008000 0000 | packet cookie -u 53,4000
bytes 0004 8500 0001 0001 0000 0000 $NAME 0010 0003 c00c 0010 0003 00000000 0005 04392e3138 |
    packet chaos -u 53,4000
bytes 000c 0005 8005 0000 0000 0000 0000 | packet refused -T 53,4000
bytes 001d 0006 0100 0001 0000 0000 0000 $NAME 0001 0001 001d 0007 0100 0001 0000 0000 0000 $NAME 001c 0001 |
    packet two -T 4000,53
bytes d373 0100 0001 0000 0000 0000 $NAME 0010 0001 | packet port443 -u 4000,443

ZEROS=$(printf '00%.0s' {1..32})
NAMED=00000010000e00000b6578616d706c652e6f7267 # an extension: the server's name
bytes 140300000101 1603000047 01000043 0303 "$ZEROS" 00 0002 1301 01 00 0018 $NAMED 0017 0000 |
    packet change -T 4000,443
bytes 160300002a 02000026 0300 "$ZEROS" 00 000a 00 | packet ssl3 -T 443,4000
bytes 160303002a 02000026 7f12 "$ZEROS" 1301 0000 | packet draft -T 443,4000

printf 'PROXY TCP4 203.0.113.5 198.51.100.1 4000 80\r\nGET /proxied HTTP/1.1\r\nHost: h.example\r\n\r\n' |
    packet proxied -T 4000,80
{
    bytes 0d0a0d0a000d0a515549540a 2111 000c cb007105 c6336401 0fa0 0050
    printf 'GET /bytes HTTP/1.1\r\n\r\n'
} | packet proxied2 -T 4000,80
printf 'RPC_IN_DATA /rpc HTTP/1.1\r\n\r\n' | packet rpc -T 4000,8000
printf 'PURGE  /a b HTTP/1.1\r\n\r\n' | packet purge -T 4000,5000
printf '\r\nGET /late HTTP/1.1\r\n\r\n' | packet late -T 4000,5000
printf 'GET /old\r\n' | packet old -T 4000,80
printf 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' | packet two-point-zero -T 4000,80
printf 'CONNECT / HTTP/1.1\r\nHost: h.example\r\n\r\n' | packet connect -T 4000,3128

mapfile -t NAMES <"$OUT/names"
mergecap -a -w "$WORK/all.pcapng" "${NAMES[@]}"
chmod 644 "$WORK"/*
ctl -r all.pcapng --no-files
expect_status 0
expect_no_line "$OUT/ctl.out" 'malformed'
while IFS= read -r line; do
    expect_count 1 "$OUT/ctl.out" "^$WHEN - [A-Z]+ [0-9.]+ -> [0-9.]+ $line$"
done <<'LINES'
DNS example\.org SOA UPDATE
DNS example\.org SOA NOTIFY
DNS example\.org SOA BADCOOKIE
DNS example\.org TXT CH NOERROR 9\.18
DNS REFUSED
DNS example\.org A example\.org AAAA
DNS example\.org TXT
TCP 4000 -> 443 Client Hello example\.org 1\.2 Change Cipher Spec
TCP 443 -> 4000 Server Hello 3\.0
TCP 443 -> 4000 Server Hello 1\.3 draft-18
TCP 4000 -> 80 GET /proxied
TCP 4000 -> 80 GET /bytes
TCP 4000 -> 8000 RPC_IN_DATA /rpc
TCP 4000 -> 5000 PURGE /a b
TCP 4000 -> 5000 GET /late
TCP 4000 -> 80 GET /old
TCP 4000 -> 80 PRI \* HTTP/2 preface
TCP 4000 -> 3128 CONNECT /
LINES

ctl -r all.pcapng --json
expect_status 0
value() { # NAME JQ_EXPRESSION: of the packet of that name
    local number
    for number in "${!NAMES[@]}"; do
        [[ ${NAMES[number]} == "$WORK/$1.pcap" ]] || continue
        sed -n "$((number + 1))p" "$OUT/ctl.out" | jq -r "$2"
    done
}
expect_equal "operation of an update" UPDATE "$(value update .dns.op_code)"
expect_equal "operation of a notification" NOTIFY "$(value notify .dns.op_code)"
expect_equal "operation of a query" QUERY "$(value two .dns.op_code)"
expect_equal "the extended code" BADCOOKIE "$(value cookie .dns.response_code)"
expect_equal "the class" CH "$(value chaos .dns.question.class)"
expect_equal "what a server tells of itself" 9.18 "$(value chaos '[.dns.answers | .. | strings] | map(select(. == "9.18"))[]')"
expect_equal "the second question" 'example.org AAAA' "$(value two '.packetsentry.dns.further[]')"
expect_equal "the server's name" example.org "$(value change .tls.client.server_name)"
expect_equal "the protocol of SSL 3" 'ssl 3.0' "$(value ssl3 '.tls | .version_protocol + " " + .version')"
expect_equal "the protocol of a draft" 'tls 1.3' "$(value draft '.tls | .version_protocol + " " + .version')"
expect_equal "whom a proxy speaks for" 203.0.113.5 "$(value proxied .packetsentry.proxy.source.ip)"
expect_equal "whom its bytes speak for" 203.0.113.5 "$(value proxied2 .packetsentry.proxy.source.ip)"
expect_equal "the version of HTTP/0.9" 0.9 "$(value old .http.version)"
expect_equal "a domain for CONNECT /" null "$(value connect .url.domain)"
