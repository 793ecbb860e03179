"""Runs a program on a terminal that nobody reads, as after Ctrl-S or in a remote login that stands still.

stalled_terminal.py PID_FILE READ_FILE SCREEN_FILE COMMAND…

Writes the program's process id to PID_FILE. Once READ_FILE exists, or the program has ended, it reads what is
on the terminal into SCREEN_FILE, to the end. Exits with the program's status, or with 128 and the signal.
"""
import os
import pty
import select
import sys
import time


def start(command):
    mine, theirs = pty.openpty()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        os.close(mine)
        for fd in (1, 2):
            os.dup2(theirs, fd)
        os.close(theirs)
        os.execvp(command[0], command)
    return pid, mine  # the program's side stays open, so that nothing on the terminal is lost with it


def has_ended(pid):
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def read_some(terminal, screen):
    """False where there is nothing now."""
    if not select.select([terminal], [], [], 0.2)[0]:
        return False
    screen.write(os.read(terminal, 65536))
    screen.flush()
    return True


def main(pid_file, read_file, screen_file, *command):
    pid, terminal = start(command)
    with open(pid_file, "w") as out:
        print(pid, file=out)
    while not os.path.exists(read_file) and not has_ended(pid):
        time.sleep(0.02)
    with open(screen_file, "wb") as screen:
        ended = False
        while read_some(terminal, screen) or not ended:
            ended = has_ended(pid)
    sys.exit(exit_status(os.waitpid(pid, 0)[1]))


def exit_status(status):
    return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


main(*sys.argv[1:])
