"""Starts a program with a listening Unix socket, as systemd's socket activation does.

listen_fds.py SOCKET_PATH PROGRAM ARGUMENTS…      (sd_listen_fds(3): descriptor 3, LISTEN_FDS, LISTEN_PID)
"""
import os
import socket
import sys

path, program = sys.argv[1], sys.argv[2:]
listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listener.bind(path)
os.chmod(path, 0o660)
os.chown(path, -1, int(os.environ["SOCKET_GID"]))
listener.listen(64)
if listener.fileno() != 3:
    os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)
os.environ["LISTEN_FDS"] = "1"
os.environ["LISTEN_PID"] = str(os.getpid())
os.execvp(program[0], program)
