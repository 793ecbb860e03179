#!/usr/bin/env bash
# A payload whose number nobody knows stays what carries it: GRE, VLAN, Linux cooked. GVRP is no spanning tree.
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
frame gvrp '0180c2000021 020000000002 000a 424203 0001 01 020000 00'
expect_summary gvrp 'GVRP .* GVRP'
frame stp "0180c2000000 020000000002 0026 424203 0000 00 00 $(printf '00%.0s' {1..31})"
expect_summary stp 'STP .* STP Configuration'
