"""forged_job.py FILE ID NAME: a stored job of the daemon's own format (proto/messages/state.proto), which it never stored."""
import os
import sys

sys.path.insert(0, os.path.dirname(__file__))
from control_client import number, text  # noqa: E402

path, job, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]
with open(path, "wb") as file:
    file.write(number(1, 2) + number(2, job) + text(3, name.encode().decode("unicode_escape")) + number(4, 0) +
               text(6, text(1, "lo")) + number(10, 1) + number(11, 1))
