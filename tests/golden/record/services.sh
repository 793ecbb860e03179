# What a host says when it comes to a network: DHCP of both versions, mDNS, SSDP and NTP.
# shellcheck shell=bash

in_a python3 "$GOLDEN/record/ntp_server.py" 198.51.100.1 >"$TEMP/ntp.log" 2>&1 </dev/null &
wait_until 20 "the NTP server" has_lines 1 "$TEMP/ntp.log" ready

begin_tcpdump services eth1 udp
in_b python3 "$GOLDEN/record/dhcp_client.py" eth1
ip -n "$NS_B" address add 198.51.100.50/25 dev eth1
in_b python3 "$GOLDEN/record/host_services.py" eth1 198.51.100.50 198.51.100.1
end_tcpdump services
ip -n "$NS_B" address del 198.51.100.50/25 dev eth1
