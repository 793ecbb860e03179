#!/usr/bin/env bash
# Expected: a question of DNS is one row with its answer, live and of a file: over UDP and TCP, over IPv4 and IPv6. One that
# nobody answers is a row when it has waited for 10 s, and one that was sent again is one row. What answers nothing is
# told as such, and a message of mDNS is a row by itself. What was masked or cut off in the packets is so here. Latency is
# that of the packets, by tshark.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

# What the rows in ctl.out say, a line each.
told() { # JQ_FILTER
    jq -r "$1" "$OUT/ctl.out"
}
has_row() { # JOB JQ_CONDITION
    ctl results "$1" --table dns --json && [[ $(jq -c "select($2)" "$OUT/ctl.out") ]]
}
# Takes questions at 10.77.0.3 and says nothing.
serve_silence() {
    ip -n "$NS_A" address add 10.77.0.3/24 dev eth0
    in_a python3 -c '
import socket, time
taken = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
taken.bind(("10.77.0.3", 53))
time.sleep(300)' &
    wait_until 10 "the silent server" is_bound 10.77.0.3:53
}
is_bound() { in_a ss -Hlun "src $1" | grep -q .; } # ADDRESS:PORT
# As programs ask, through the C library, which sends the same question again.
resolve() { # NAME
    mkdir -p "/etc/netns/$NS_B"
    printf 'nameserver 10.77.0.3\noptions timeout:1 attempts:2\n' >"/etc/netns/$NS_B/resolv.conf"
    in_b getent ahostsv4 "$1" || true
}
start_daemon
serve_silence
serve_dns 10.77.0.1 --address=/gone.test/
ctl start -d -i eth0 --name lab -o lab.pcapng
ctl start -d -i eth0 --name masked --redact addresses
ctl start -d -i eth0 --name cut --redact headers
resolve silent.test >"$TEMP/nobody" &
ask www.test
ask www.test -t AAAA
ask gone.test
ask stream.test +tcp
talk 10.77.0.1 mdns
wait_until 10 "the answer over TCP" has_row lab '.dns.question.name == "stream.test"'
expect_equal "what was answered" "www.test A NOERROR udp 192.0.2.7
www.test AAAA NOERROR udp 2001:db8::7
gone.test A NXDOMAIN udp 
stream.test A NOERROR tcp 192.0.2.7" \
    "$(told 'select(.packetsentry.transaction.outcome == "answered") | "\(.dns.question.name) \(.dns.question.type) \(.dns.response_code) \(.network.transport) \(.dns.resolved_ip[0] // "")"')"
expect_equal "who asks whom" "10.77.0.2 10.77.0.1 53" \
    "$(told 'select(.dns.question.name == "gone.test") | "\(.source.ip) \(.destination.ip) \(.destination.port)"')"
expect_equal "a message that anybody may answer" null \
    "$(told 'select(.network.protocol == "mdns") | .packetsentry.transaction.outcome')"
wait_until 20 "the end of the patience" has_row lab '.packetsentry.transaction.outcome == "unanswered"'
expect_equal "a question that nobody answers" "silent.test 1" \
    "$(told 'select(.packetsentry.transaction.outcome == "unanswered") | "\(.dns.question.name) \(.packetsentry.transaction.repeats)"')"

# The words of a person.
ctl results lab --table dns --lines
expect_line "$OUT/ctl.out" "^$WHEN - DNS 10\.77\.0\.2 -> 10\.77\.0\.1 DNS www\.test A NOERROR 192\.0\.2\.7, after [0-9.]+ m?s\$"
expect_line "$OUT/ctl.out" ' DNS 10\.77\.0\.2 -> 10\.77\.0\.3 DNS silent\.test A, no answer, asked 2 times$'
ctl results lab --table dns --json -Y 'packetsentry.transaction.outcome == unanswered'
expect_equal "those that are asked for" silent.test "$(told .dns.question.name)"

# Masked addresses stay masked, and what was cut off is not there.
ctl results masked --table dns --json
expect_no_line "$OUT/ctl.out" '10\.77\.0\.|test'
ctl results cut --table dns --json
expect_equal "rows of headers alone" 0 "$(wc -l <"$OUT/ctl.out")"

# The file has the same questions; one that waits at its end has no answer.
ctl stop lab
ctl show lab --json
expect_at_least "rows that are counted" 6 "$(told .ledger.dns)"
file=$WORK/lab.pcapng
ctl read "$file" --table dns --json
expect_equal "outcomes in the file" "answered answered answered answered" \
    "$(told '.packetsentry.transaction.outcome // empty' | grep -x answered | tr '\n' ' ' | sed 's/ $//')"
tshark -r "$file" -Y 'dns.flags.response == 1 && dns.time && udp && !mdns' -T fields -e dns.time 2>/dev/null | sort \
    >"$TEMP/by_tshark"
told 'select(.packetsentry.transaction.outcome == "answered" and .network.transport == "udp") | .event.duration' |
    awk '{ printf "%.9f\n", $1 / 1e9 }' | sort >"$TEMP/by_us"
diff "$TEMP/by_tshark" "$TEMP/by_us" >&2 || fail "tshark has other times until the answers"
packets=$(told 'select(.dns.question.name == "gone.test") | .packetsentry.transaction | "\(.request_packet) \(.response_packet)"')
ctl read "$file" --json
for number in $packets; do
    expect_equal "packet $number" gone.test "$(told "select(.event.sequence == $number) | .dns.question.name")"
done

# An answer that nobody asked for, in the foreground.
start_capture live start -i eth0 -f dns --table dns --no-files
ask again.test
interrupt live
expect_line "$OUT/live.out" ' DNS again\.test A NOERROR 192\.0\.2\.7, after [0-9.]+ m?s$'
python3 - "$TEMP/unasked.pcap" <<'END'
import struct, sys
message = bytes.fromhex("abcd81800001000000000000") + b"\x05spoof\x04test\0\0\x01\0\x01"
udp = struct.pack(">HHHH", 53, 40000, 8 + len(message), 0) + message
ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, bytes([192, 0, 2, 53]), bytes([192, 0, 2, 1])) + udp
frame = bytes(12) + b"\x08\x00" + ip
with open(sys.argv[1], "wb") as file:
    file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    file.write(struct.pack("<IIII", 1000000000, 0, len(frame), len(frame)) + frame)
END
ctl read "$TEMP/unasked.pcap" --table dns
expect_line "$OUT/ctl.out" ' DNS 192\.0\.2\.1 -> 192\.0\.2\.53 DNS spoof\.test A NOERROR, the answer to no question that waits$'
expect_line "$OUT/ctl.err" '^1 question of DNS of 1 packet shown, none lost$'

# Wrong words.
ctl read "$file" --table dns -Y 'packetsentry.flow.state == SF'
expect_status 4
expect_one_error "$OUT/ctl.err" "questions of DNS have no 'packetsentry\.flow\.state' \('packetsentryctl fields --table dns' lists what they have\)\$"
ctl fields --table dns dns.question.name --no-legend
expect_line "$OUT/ctl.out" '^dns\.question\.name '
