# DNS and ICMP behind one and two VLAN tags, over the cable on which nobody has their addresses.
# shellcheck shell=bash

begin_tcpdump vlan eth1 'ether host 02:00:00:00:00:01'
send_frames eth1 vlan.py
end_tcpdump vlan
