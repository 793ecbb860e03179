"""late_reader.py JOB SIGN: follows JOB from its first row and reads nothing until the file SIGN is there. Then tells
which rows it still gets, and with what the stream ends."""
import os
import sys
import time

from control_client import FOLLOW, Client, error_of, fields, follow


def main(job, sign):
    client = Client()
    error = error_of(client.ask(FOLLOW, follow(job)))
    if error:
        sys.exit(f"not followed: {error}")
    while not os.path.exists(sign):
        time.sleep(0.05)
    last = 0
    while True:
        item = fields(client.message().get(2, [b""])[0])
        if 2 in item:
            last = fields(item[2][0])[1][0]
        if 6 in item:
            ended = fields(item[6][0])
            error = fields(ended[29][0])[2][0].decode() if 29 in ended else "none"
            print(f"the last rows begin with {last}, error: {error}")
            return


main(*sys.argv[1:])
