# A VXLAN of the kernel, with ARP, pings and DNS in it; then GRE, Geneve and IP in IP, whose packets a program builds.
# shellcheck shell=bash

lay_vxlan() { # NAMESPACE LAST_BYTE REMOTE ADDRESS
    ip -n "$1" link add vxlan42 address "02:00:00:00:00:$2" type vxlan id 42 dstport 4789 remote "$3" dev eth0
    ip netns exec "$1" sysctl -qw net.ipv6.conf.vxlan42.disable_ipv6=1
    ip -n "$1" link set vxlan42 up
    ip -n "$1" address add "$4/25" dev vxlan42
}
lay_vxlan "$NS_A" 05 192.0.2.2 198.51.100.129
lay_vxlan "$NS_B" 06 192.0.2.1 198.51.100.130

begin_packetsentry tunnels eth0 'udp port 4789 or udp port 6081 or ip proto 47 or ip proto 4 or ip proto 41'
in_b ping -q -n -c 1 198.51.100.129 >/dev/null
in_b dig +short +time=2 +tries=3 @198.51.100.129 www.example.org >/dev/null
send_frames eth0 tunnels.py
end_packetsentry tunnels
ip -n "$NS_A" link del vxlan42
ip -n "$NS_B" link del vxlan42
