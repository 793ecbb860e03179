"""Receives what a service tells its manager (sd_notify(3)) and prints each message as one line.

notify_socket.py SOCKET_PATH
"""
import os
import socket
import sys

receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o777)
while True:
    print(receiver.recv(4096).decode().replace("\n", " "), flush=True)
