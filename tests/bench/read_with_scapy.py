"""Dissects the packets of a capture file with scapy and prints a summary line of each.

read_with_scapy.py FILE
"""
import sys

from scapy.all import PcapReader

for packet in PcapReader(sys.argv[1]):
    print(packet.summary())
