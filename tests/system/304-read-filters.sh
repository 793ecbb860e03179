#!/usr/bin/env bash
# The filters pass exactly the packets that tcpdump's pass.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_capture "$WORK/some.pcap" 3000
expect_same() { # TCPDUMP_FILTER OUR_OPTIONS…
    local filter=$1 want
    shift
    want=$(tcpdump -nr "$WORK/some.pcap" "$filter" 2>/dev/null | wc -l)
    ctl --json -r some.pcap "$@"
    expect_status 0
    expect_equal "packets with $*" "$want" "$(wc -l <"$OUT/ctl.out")"
}
expect_same 'udp port 53 or tcp port 53' -f dns
expect_same 'tcp port 80 or tcp port 443' -f http
expect_same tcp -f tcp
expect_same 'udp and host 10.9.0.7' -f udp --filter-ip 10.9.0.7
expect_same 'net 10.9.0.64/26' --filter-ip 10.9.0.64/26
expect_same 'port 1030' --filter-port 1030
expect_same 'udp and net 10.9.0.0/25 and port 53 and greater 70' -f udp --filter-ip 10.9.0.0/25 --filter-port 53 --bpf 'greater 70'
expect_same 'icmp' -f icmp
expect_same 'ip[8] = 64 and not tcp' --bpf 'ip[8] = 64 and not tcp'
