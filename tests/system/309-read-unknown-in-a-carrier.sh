#!/usr/bin/env bash
# A payload whose number nobody knows stays what carries it, with the number: of each kind of number one carrier at
# least. GVRP is no spanning tree.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

frame() { # NAME HEX [TEXT2PCAP_OPTIONS…]
    xxd -r -p <<<"$2" | od -Ax -tx1 -v | text2pcap -q "${@:3}" - "$WORK/$1.pcap" 2>/dev/null ||
        fail "text2pcap cannot make $1"
    chmod 644 "$WORK/$1.pcap"
}
expect_summary() { # NAME EXTENDED_REGEX
    ctl -r "$1.pcap" --no-files
    expect_status 0
    expect_count 1 "$OUT/ctl.out" "^$WHEN - $2$"
}

frame gre '0000 22ec 00000000' -i 47
expect_summary gre 'GRE [0-9.]+ -> [0-9.]+ GRE type 0x22ec'
frame vlan '020000000001 020000000002 8100 0007 88b5 00'
expect_summary vlan 'VLAN .* VLAN type 0x88b5'
frame ethernet '020000000001 020000000002 88b5 00'
expect_summary ethernet 'Ethernet .* Ethernet type 0x88b5'
frame cooked '0000 0001 0006 020000000001 0000 88b5 00' -l 113
expect_summary cooked 'SLL .* SLL type 0x88b5 \[Fake IF, text2pcap in\]'
frame e-tag '020000000001 020000000002 893f 0000 0001 0000 22ec 00'
expect_summary e-tag 'E-Tag .* E-Tag type 0x22ec'
frame vn-tag '020000000001 020000000002 8926 0001 0002 22ec 00'
expect_summary vn-tag 'VN-Tag .* VN-Tag type 0x22ec'
frame nsh '020000000001 020000000002 894f 0fc20207 000010ff 00'
expect_summary nsh 'NSH .* NSH next protocol 7'
frame geneve '0000 22ec 000007 00 00' -u 4000,6081
expect_summary geneve 'Geneve [0-9.]+ -> [0-9.]+ Geneve 7 type 0x22ec'
frame vxlan-gpe '0c0000 09 000007 00 00' -u 4000,4790
expect_summary vxlan-gpe 'VXLAN-GPE [0-9.]+ -> [0-9.]+ VXLAN-GPE 7 next protocol 9'
frame erspan '0000 22eb 20000000 00000001 0000 1400 00' -i 47
expect_summary erspan 'ERSPAN [0-9.]+ -> [0-9.]+ ERSPAN frame type 5'
frame pppoe '020000000001 020000000002 8864 1100 0001 0003 02ff 00'
expect_summary pppoe 'PPP .* PPP protocol 0x2ff'
frame gvrp '0180c2000021 020000000002 000a 424203 0001 01 020000 00'
expect_summary gvrp 'GVRP .* GVRP'
frame stp "0180c2000000 020000000002 0026 424203 0000 00 00 $(printf '00%.0s' {1..31})"
expect_summary stp 'STP .* STP Configuration'
