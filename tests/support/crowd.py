"""A crowd of connections of one user, until it is ended: crowd.py COUNT

Holds COUNT connections, or as many as it is allowed, and goes on connecting: what is closed or refused is
connected again at once.
"""
import os
import selectors
import socket
import sys

path, count = os.environ["PACKETSENTRY_SOCKET"], int(sys.argv[1])
waiting = selectors.DefaultSelector()
connections = turned_away = 0
told = False


def connect():
    global connections
    one = socket.socket(socket.AF_UNIX)
    one.connect(path)
    one.setblocking(False)
    waiting.register(one, selectors.EVENT_READ)
    connections += 1


while True:
    while connections < count:
        connect()
    if not told:
        told = True
        print("here", flush=True)
    for key, _ in waiting.select():
        waiting.unregister(key.fileobj)
        key.fileobj.close()
        connections -= 1
