"""questions.py COUNT SIGN: asks COUNT questions about all of the past, each on a connection of its own, and reads
nothing of the answers until the file SIGN is there, or until the daemon has ended them all. Tells what becomes of each:

    asked
    refused CODE TEXT
    read ROWS rows, complete | CODE TEXT | no word
"""
import os
import select
import struct
import sys
import time

from control_client import REPLY, Client, Closed, error_of, fields, text

SEARCH = 13
QUESTION = 1
ROWS, END, ROWS_BATCH, BATCH_ROWS = 1, 4, 3, 3


def ask():
    reading, writing = os.pipe()
    client = Client()
    error = error_of(client.ask(SEARCH, text(QUESTION, b""), descriptors=[writing]))
    os.close(writing)
    if error:
        print("refused", error[1], error[2], flush=True)
        return None
    # The worker has begun when something is there.
    select.select([reading], [], [], 10)
    print("asked", flush=True)
    return client, reading


def has_ended(question):
    """Its worker has closed the pipe."""
    poll = select.poll()
    poll.register(question[1], 0)
    return any(event & select.POLLHUP for _, event in poll.poll(0))


def last_word(client):
    client.socket.settimeout(1)
    try:
        while True:
            message = client.message()
            if REPLY in message:
                error = error_of(fields(message[REPLY][0]))
                return f"{error[1]} {error[2]}" if error else "no word"
    except (Closed, TimeoutError):
        return "no word"


def read_all(question):
    client, reading = question
    answer = b""
    while more := os.read(reading, 1 << 20):
        answer += more
    rows = at = 0
    complete = False
    while at + 4 <= len(answer):
        size = struct.unpack("<I", answer[at:at + 4])[0]
        if at + 4 + size > len(answer):
            break
        message = fields(answer[at + 4:at + 4 + size])
        at += 4 + size
        if ROWS in message:
            rows += fields(fields(message[ROWS][0])[ROWS_BATCH][0])[BATCH_ROWS][0]
        complete = complete or END in message
    print(f"read {rows} rows,", "complete" if complete else last_word(client), flush=True)


def main(count, sign):
    questions = [question for question in (ask() for _ in range(int(count))) if question]
    while not os.path.exists(sign) and not all(has_ended(question) for question in questions):
        time.sleep(0.05)
    for question in questions:
        read_all(question)


main(*sys.argv[1:])
