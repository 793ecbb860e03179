#!/usr/bin/env bash
# Alternative names of an interface stand for it, short and long; the policy judges its own name.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

long=the-uplink-of-this-machine-in-the-cellar
ip -n "$NS_A" link property add dev eth0 altname enp3s0 altname "$long" altname free0 2>/dev/null ||
    skip "this system has no alternative names of interfaces"
write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop", "filter"]
interfaces = ["eth0"]

[[rule]]
user = [${USER_ID[other]}]
actions = ["view", "start", "stop", "filter"]
interfaces = ["eth1", "free0", "enp3s0", "the*"]
END
start_daemon_with_policy

for name in enp3s0 "$long"; do
    start_capture "by-$name" start -i "$name" -f icmp
    ping_a 2
    wait_until 5 "the pings" has_lines 4 "$OUT/by-$name.out" ' - ICMP '
    interrupt "by-$name"
    expect_status 0
    expect_line "$OUT/by-$name.out" 'Starting capture on eth0 \(filter: icmp\)$'
    ctl policy check start -i "$name" -f icmp
    expect_status 0
done
for name in enp3s0 free0 "$long"; do
    CTL_AS=other ctl start -i "$name" -c 1
    expect_status 5
    expect_one_error "$OUT/ctl.err" "rule 2 \($POLICY:6\) allows the interfaces .*, not 'eth0'"
    CTL_AS=other ctl policy check start -i "$name"
    expect_status 5
done
ctl start -i eth0 -i enp3s0 -c 1
expect_status 2
expect_one_error "$OUT/ctl.err" "the interface 'eth0' is named twice"
CTL_AS=root ctl start -i enp9s9 -c 1
expect_status 2
expect_one_error "$OUT/ctl.err" "no interface 'enp9s9'"
