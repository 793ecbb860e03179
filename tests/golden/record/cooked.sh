# "any", as Linux cooked packets of version 2: pings over both cables, and a question on the loopback interface.
# shellcheck shell=bash

ip -n "$NS_B" address add 198.51.100.50/25 dev eth1
begin_packetsentry cooked any 'arp or icmp or port 53 or (icmp6 and not ip6[6] == 0)'
ip -n "$NS_A" neighbour flush all
ip -n "$NS_B" neighbour flush all
in_b ping -q -n -c 1 192.0.2.1 >/dev/null
in_a ping -q -n -c 1 2001:db8::2 >/dev/null
in_b ping -q -n -c 1 198.51.100.1 >/dev/null
in_a dig +short +time=2 +tries=1 @192.0.2.1 www.example.org >/dev/null
end_packetsentry cooked
ip -n "$NS_B" address del 198.51.100.50/25 dev eth1
