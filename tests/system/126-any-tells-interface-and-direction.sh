#!/usr/bin/env bash
# "any" says of each packet which interface it came in by or went out by, on the line and in JSON; so do the followers
# and the results of a job in the background, and a file that was captured so, as far as it knows: the number of the
# interface.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
start_capture lines start -i any -f icmp
start_ctl rows start -i any -f icmp --json --name rows -o any.pcapng
wait_until 10 "the capture" job_runs rows
ping_a 2
in_b ping -q -n -i 0.01 -c 3 10.78.0.1 >/dev/null
wait_until 3 "the lines" has_lines 10 "$OUT/lines.out" ' ICMP '
wait_until 3 "the rows" has_lines 10 "$OUT/rows.out" ''
interrupt lines
interrupt rows

expect_lines_tell() { # FILE
    expect_count 2 "$1" ' - ICMP 10\.77\.0\.2 -> 10\.77\.0\.1 ICMP Echo request.* \[eth0 in\]$'
    expect_count 2 "$1" ' - ICMP 10\.77\.0\.1 -> 10\.77\.0\.2 ICMP Echo reply.* \[eth0 out\]$'
    expect_count 3 "$1" ' Echo request.* \[eth1 in\]$'
    expect_count 3 "$1" ' Echo reply.* \[eth1 out\]$'
}
expect_lines_tell "$OUT/lines.out"
told='[.[] | [.network.direction, .observer.ingress.interface.name, .observer.egress.interface.name]] | unique'
expect_equal "what JSON tells" \
    '[["egress",null,"eth0"],["egress",null,"eth1"],["ingress","eth0",null],["ingress","eth1",null]]' \
    "$(jq -sc "$told" "$OUT/rows.out")"

# A job in the background: those who follow it, and what is kept of it.
ctl start -d -i any -f icmp --name night
expect_status 0
start_ctl follower follow night
wait_until 5 "the follower" shows_number night .followers 1
ping_a 2
in_b ping -q -n -i 0.01 -c 3 10.78.0.1 >/dev/null
wait_until 5 "the follower's lines" has_lines 10 "$OUT/follower.out" ' ICMP '
interrupt follower
expect_status 0
expect_lines_tell "$OUT/follower.out"
ctl results --lines night
expect_status 0
expect_lines_tell "$OUT/ctl.out"
ctl results night
expect_status 0
expect_count 2 "$OUT/ctl.out" '^Summary: ICMP Echo request.* \[eth0 in\]$'
expect_count 2 "$OUT/ctl.out" '^Summary: ICMP Echo reply.* \[eth0 out\]$'
expect_count 3 "$OUT/ctl.out" '^Summary: ICMP Echo request.* \[eth1 in\]$'
expect_count 3 "$OUT/ctl.out" '^Summary: ICMP Echo reply.* \[eth1 out\]$'
ctl stop night
expect_status 0

index=$(ip -n "$NS_A" -o link show eth1 | cut -d : -f 1)
ctl --json -r any.pcapng --filter-ip 10.78.0.1
expect_status 0
told='[.[] | [.network.direction, .observer.ingress.interface.id, .observer.egress.interface.id]] | unique'
expect_equal "what the file's JSON tells" "[[\"egress\",null,\"$index\"],[\"ingress\",\"$index\",null]]" \
    "$(jq -sc "$told" "$OUT/ctl.out")"
ctl --no-files -r any.pcapng --filter-ip 10.78.0.1
expect_count 3 "$OUT/ctl.out" " Echo request.* \[interface $index in\]\$"
expect_count 3 "$OUT/ctl.out" " Echo reply.* \[interface $index out\]\$"
