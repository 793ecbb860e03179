#!/usr/bin/env bash
# -o takes .cap and endings in upper case, and /dev/null, live and from a file; "-" is refused for a job in the
# background, whose id goes to standard output.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
write_capture "$WORK/some.pcap" 9
expect_kind() { # FILE pcap|pcapng
    local magic
    magic=$(od -A n -N 4 -t x1 "$WORK/$1" | tr -d ' ')
    case $magic in
        4d3cb2a1) expect_equal "format of $1" "$2" pcap ;;
        0a0d0d0a) expect_equal "format of $1" "$2" pcapng ;;
        *) fail "$1 begins with $magic" ;;
    esac
}
for pair in a.cap:pcap A.PCAP:pcap A.CAP:pcap A.PCAPNG:pcapng a.PcapNg:pcapng; do
    name=${pair%:*}
    ctl read some.pcap -o "$name"
    expect_status 0
    expect_kind "$name" "${pair#*:}"
    expect_equal "packets in $name" 9 "$(tcpdump -nr "$WORK/$name" 2>/dev/null | wc -l)"
    rm "$WORK/$name"
    start_capture live start -i eth0 -f icmp -c 2 -o "$name"
    ping_a 1
    wait_for live
    expect_status 0
    expect_kind "$name" "${pair#*:}"
    rm "$WORK/$name"
done

ctl read some.pcap -o /dev/null
expect_status 0
expect_line "$OUT/ctl.out" 'Packets saved to /dev/null$'
start_capture null start -i eth0 -f icmp -o /dev/null
ping_a 50
wait_until 5 "the pings" has_lines 100 "$OUT/null.out" ' - ICMP '
interrupt null
expect_status 0
expect_line "$OUT/null.out" 'Packets saved to /dev/null$'
[[ -c /dev/null ]] || fail "/dev/null is no longer a device"
ctl start -d -i eth0 -f icmp -o /dev/null --name ground
expect_status 0
ctl stop ground
expect_status 0

ctl start -d -i eth0 -o -
expect_status 1
expect_one_error "$OUT/ctl.err" "-d and '-o -' cannot be used together"
expect_equal "bytes on standard output" 0 "$(wc -c <"$OUT/ctl.out")"
ctl --output-dir logs start -d -i eth0 -f icmp --name unlogged
expect_status 0
expect_one_error "$OUT/ctl.err" 'a job in the background writes no log'
