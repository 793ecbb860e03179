#!/usr/bin/env bash
# -o as pcap and pcapng: tcpdump and capinfos read back every packet, with nanosecond times, owned by the
# one who asked.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
for ending in pcap pcapng; do
    start_capture "$ending" start -i eth0 -f icmp -o "saved.$ending"
    ping_a 50
    wait_until 5 "the pings" has_lines 100 "$OUT/$ending.out" 'ICMP'
    interrupt "$ending"
    expect_status 0
    file=$WORK/saved.$ending
    expect_count 1 "$OUT/$ending.out" "^$WHEN - Packets saved to saved\.$ending$"
    expect_equal "owner" "${USER_ID[member]}" "$(stat -c %u "$file")"
    expect_equal "packets for tcpdump" 100 "$(tcpdump -nr "$file" icmp 2>"$OUT/tcpdump.err" | wc -l)"
    expect_equal "packets for capinfos" 100 "$(capinfos -TrcM "$file" | cut -f 2)"
    expect_equal "the type for capinfos" "$([[ $ending == pcap ]] && echo nsecpcap || echo pcapng)" \
        "$(capinfos -Trt "$file" | cut -f 2)"
done
