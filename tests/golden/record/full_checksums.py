#!/usr/bin/env python3
"""full_checksums.py INTERFACE: has the kernel compute checksums itself and keep segments apart.

Without this, the packets of a virtual cable are recorded with half a checksum, which readers call wrong.
"""
import ctypes
import fcntl
import socket
import struct
import sys

SIOCETHTOOL = 0x8946
SET_TX_CHECKSUM, SET_TSO, SET_GSO, SET_GRO = 0x17, 0x1F, 0x24, 0x2C


def switch_off(interface, command):
    value = ctypes.create_string_buffer(struct.pack("=II", command, 0))
    request = struct.pack("@16sP", interface.encode(), ctypes.addressof(value)).ljust(40, b"\0")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCETHTOOL, request)


if __name__ == "__main__":
    for command in (SET_TX_CHECKSUM, SET_TSO, SET_GSO, SET_GRO):
        switch_off(sys.argv[1], command)
