#!/usr/bin/env bash
# An interface whose name is no UTF-8, which Linux allows: it is listed, captured on and shown escaped, and costs
# nothing else its place.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

NAME=$'d\xff'
ip -n "$NS_A" link add "$NAME" type veth peer name peer0 netns "$NS_B"
ip -n "$NS_A" address add 10.79.0.1/24 dev "$NAME"
ip -n "$NS_B" address add 10.79.0.2/24 dev peer0
ip -n "$NS_A" link set "$NAME" up
ip -n "$NS_B" link set peer0 up
in_b ping -q -n -c 1 10.79.0.1 >/dev/null # what finds the neighbours comes before the captures

start_daemon
ctl -D
expect_status 0
expect_line "$OUT/ctl.out" '^eth0 '
expect_line "$OUT/ctl.out" '^d\\xFF .*10\.79\.0\.1'
ctl --json -D
expect_status 0
jq -es 'map(.name) | contains(["eth0", "d\\xFF", "lo", "any"])' "$OUT/ctl.out" >/dev/null ||
    fail "not all interfaces in JSON: $(cat "$OUT/ctl.out")"
ctl doctor
expect_status 0

start_capture any start -i any --name any --bpf icmp -c 6
start_ctl one start -i "$NAME" --name one --json --bpf icmp -c 2 -o one.pcapng
wait_until 10 "the capture on the interface itself" job_runs one
in_b ping -q -n -c 1 10.79.0.1 >/dev/null
in_b ping -q -n -c 2 10.77.0.1 >/dev/null
wait_for any
expect_status 0
expect_count 6 "$OUT/any.out" "^$WHEN - ICMP "
wait_for one
expect_status 0
jq -es 'length == 2 and all(.observer.ingress.interface.name == "d\\xFF")' "$OUT/one.out" >/dev/null ||
    fail "not the rows of the interface: $(cat "$OUT/one.out")"
ctl --json list
expect_status 0
jq -es 'map(select(.name == "one")) | .[0].interfaces == ["d\\xFF"]' "$OUT/ctl.out" >/dev/null ||
    fail "the list does not name the interface: $(cat "$OUT/ctl.out")"

# The file describes the interface by that name; so does one in which another follows.
ctl --json -r one.pcapng
expect_status 0
jq -es 'length == 2 and all(.observer.ingress.interface.name == "d\\xFF")' "$OUT/ctl.out" >/dev/null ||
    fail "not the rows of the file: $(cat "$OUT/ctl.out")"
ctl --no-files -r one.pcapng
expect_status 0
expect_count 2 "$OUT/ctl.out" "^$WHEN - ICMP "

# A name that is in no text is an error like any other.
ctl start -i $'e\xfe' --no-files
expect_status 2
expect_one_error "$OUT/ctl.err" "no interface 'e\\\\xFE'; there are: .*d\\\\xFF"
