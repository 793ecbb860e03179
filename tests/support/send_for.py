"""send_for.py UID ADDRESS SECONDS SIZE: sends UDP datagrams of SIZE bytes as fast as it can, as that user, and
prints how many a second.

It sends only to addresses of the test's own networks, and stops by itself.
"""
import os
import socket
import sys
import time

user, address, seconds, size = int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
os.setresuid(user, user, user)
assert address.startswith("10.7")
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.connect((address, 9))
payload = b"\x01" * size
sent = 0
begin = time.monotonic()
end = begin + min(seconds, 10)
while time.monotonic() < end:
    for _ in range(200):
        try:
            sender.send(payload)
        except OSError:  # nobody listens there, which the other end says now and then
            pass
    sent += 200
print(int(sent / (time.monotonic() - begin)))
