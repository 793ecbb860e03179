"""Runs a command on a terminal of its own, presses Ctrl-C once a text has appeared there, and prints all that
appeared: press_ctrl_c.py TEXT COMMAND..."""
import os
import pty
import sys
import time


def read(terminal):
    try:
        return os.read(terminal, 65536)
    except OSError:  # the command has ended
        return b""


def main():
    text = sys.argv[1].encode()
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(sys.argv[2], sys.argv[2:])
    shown, pressed = b"", False
    while part := read(terminal):
        shown += part
        if text in shown and not pressed:
            pressed = True
            time.sleep(0.3)  # until the client reads its signals
            os.write(terminal, b"\x03")
    sys.stdout.buffer.write(shown)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


sys.exit(main())
