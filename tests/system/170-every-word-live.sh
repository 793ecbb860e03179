#!/usr/bin/env bash
# Every word that -f takes, each in a capture of its own beside all the others, under one round of mixed traffic: the
# capture shows a line of that protocol, every packet of it that passed, and no packet of any other. The words are those
# that the program's help lists: one without a row here fails the test.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

there='10\.77\.0\.2 -> 10\.77\.0\.1' back='10\.77\.0\.1 -> 10\.77\.0\.2'
declare -A line=() may=()
# What a line of the word has behind its time, and all that may pass, in tcpdump's words.
row() { # WORD EXTENDED_REGEX EXPRESSION
    line[$1]=$2 may[$1]=$3
}
row tcp "TCP $there TCP [0-9]+ -> 80 \[SYN\]" 'proto 6'
row udp "UDP $there UDP [0-9]+ -> 7777( |$)" 'proto 17'
row sctp "SCTP $there SCTP 40000 -> 7777 INIT" 'proto 132'
row icmp "ICMP $back ICMP Echo reply" 'ether proto 0x0800 and ip[9] = 1'
row icmp6 'ICMPv6 fd77::1 -> fd77::2 ICMPv6 Echo reply' 'ip6 protochain 58'
row arp "ARP $there ARP who-has 10\.77\.0\.1 " 'ether proto 0x0806'
row ip "(TCP|UDP|ICMP) $there " 'ether proto 0x0800'
row ip6 'ICMPv6 fd77::2 -> fd77::1 ' 'ether proto 0x86dd'
row dns "DNS $back DNS www\.example\.test A NOERROR 192\.0\.2\.7" 'port 53'
row mdns 'mDNS 10\.77\.0\.2 -> 224\.0\.0\.251 mDNS printer\.local A' 'udp port 5353'
row llmnr 'LLMNR 10\.77\.0\.2 -> 224\.0\.0\.252 LLMNR nas A' 'port 5355'
row http "HTTP $there TCP [0-9]+ -> 80 GET /index\.html" 'tcp port 80 or tcp port 443'
row tls "TLS $there TCP [0-9]+ -> 443 Client Hello tls\.example\.test" 'tcp port 443'
row quic "QUIC $there UDP [0-9]+ -> 443 Initial 1" 'udp port 443'
row dhcp 'DHCP 10\.77\.0\.1 -> 255\.255\.255\.255 DHCP Offer 10\.77\.0\.1' 'udp port 67 or udp port 68'
row dhcp6 'DHCPv6 fe80:[^ ]+ -> fe80:[^ ]+ DHCPv6 Advertise' 'udp port 546 or udp port 547'
row ntp "NTP $back NTP server" 'udp port 123'
row ssh "SSH $back TCP 22 -> [0-9]+ OpenSSH_9\.2p1" 'tcp port 22'

words=$("$BIN/packetsentryctl" start --help | sed -n '/^Protocols for -f:/,/^$/s/^  \([^ ]*\) .*/\1/p')
[[ -n $words ]] || fail "the help lists no words for -f"

packets_of() { # CAPTURE EXPRESSION
    tcpdump -nr "$WORK/$1.pcap" "$2" 2>"$OUT/tcpdump.err" | wc -l
}

cat >"$TEMP/daemon.toml" <<'END'
jobs.max_per_user = 64
captures.sockets_per_interface = 64
captures.filter_instructions_per_interface = 65536
memory.ring = "2MiB"
END
start_daemon --config "$TEMP/daemon.toml"
serve_dns
serve_http
serve_dhcp
serve_talk 10.77.0.1
for word in $words; do
    [[ -n ${line[$word]:-} && -n ${may[$word]:-} ]] || fail "this test has no traffic for '-f $word'"
    start_ctl "$word" start -i eth0 -f "$word" --no-files -o "$word.pcap"
done
for word in $words; do wait_until 20 "the capture of $word" capture_started "$word"; done
start_capture all start -i eth0 --no-files -o all.pcap

in_b ip neighbour flush dev eth0
ask www.example.test
ask tcp.example.test +tcp
expect_equal "the fetch" 200 "$(fetch /index.html)"
ping_a 1
in_b ping -6 -q -n -c 1 fd77::1 >/dev/null
talk 10.77.0.1 udp sctp mdns llmnr quic dhcp dhcp6 ntp ssh tls
for word in $words; do
    wait_until 5 "a line of '-f $word'" grep -qE -- "^$WHEN - ${line[$word]}" "$OUT/$word.out"
done
interrupt all

declare -A passed=()
for word in $words; do
    passed[$word]=$(packets_of all "${may[$word]}")
    wait_until 5 "all packets of '-f $word'" has_lines "${passed[$word]}" "$OUT/$word.out" "^$WHEN - [^ ]+ [^ ]+ -> "
    kill -INT "${PIDS[$word]}"
done
for word in $words; do
    wait_for "$word"
    expect_status 0
    own=$(packets_of "$word" "${may[$word]}")
    others=$(packets_of "$word" "not (${may[$word]})")
    expect_at_least "packets of '-f $word'" "${passed[$word]}" "$own"
    expect_equal "packets of others under '-f $word'" 0 "$others"
done
