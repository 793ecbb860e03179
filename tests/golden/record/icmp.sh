# Who has an address, whether it answers, in one packet and in fragments, and who does not listen: IPv4 and IPv6.
# shellcheck shell=bash

ask_host() { # ADDRESS BYTES_OF_THE_LARGE_PING
    in_b ping -q -n -c 1 "$1" >/dev/null
    in_b ping -q -n -c 1 -s "$2" "$1" >/dev/null
    in_b python3 -c 'import socket, sys
family, _, _, _, address = socket.getaddrinfo(sys.argv[1], 9, type=socket.SOCK_DGRAM)[0]
socket.socket(family, socket.SOCK_DGRAM).sendto(b"discard", address)' "$1"
}

# Multicast listeners report when they like: they begin with a hop-by-hop header.
begin_tcpdump icmp eth0 'arp or icmp or udp port 9 or (ip6 and not ip6[6] == 0)'
ip -n "$NS_A" neighbour flush all
ip -n "$NS_B" neighbour flush all
ask_host 192.0.2.1 4000
ask_host 2001:db8::1 2000
end_tcpdump icmp
