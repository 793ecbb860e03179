"""Every request of every kind of user: every_request.py begin|ask NAME=UID…  (standard input: the table)

begin: each user starts a job, which is called job-of-NAME.
ask: each user sends each request of the table, about no job, their own ("own") or another's ("other"), and is
answered as the table says. What is refused changes nothing, what is done changes that and nothing else, and of
a job that may not be seen is said what is said of one that does not exist. A line each time it is otherwise.

The table has a column a user, in the order of the arguments:
  y  done (of a check: allowed)       n  not permitted             -  no such job
  r  checked: refused                 x  an error of usage         i  no such interface
  o  the connection is refused, and no request read
"""
import os
import sys
import time

from control_client import (FILTER, FOLLOW, HELLO, INTERFACES, LIST, POLICY, RENEW, SHOW, START, STATUS, STOP, VERSION, Client,
                            Closed, connect_as, error_of, fields, follow, hello, number, request, start, text)

SOCKET_GROUP = int(os.environ["SOCKET_GID"])
USERS = {name: int(uid) for name, uid in (word.split("=") for word in sys.argv[2:])}
SAVED_TO = "every-request.pcap"
JOBS, VERDICT = 4, 7
STARTING, CHANGING, STOPPING, FINISHED, FAILED = 1, 3, 5, 6, 7
LETTERS = {1: "x", 2: "i", 5: "n", 7: "-"}


# ---- The jobs, as root sees them

class Job:
    def __init__(self, message):
        found = fields(message)

        def one(field, default=0):
            return found.get(field, [default])[0]

        self.id, self.name, self.owner = one(1), one(2, b"").decode(), one(4)
        self.state, self.followers, self.expires = one(3), one(23), one(14)
        self.kept = fields(one(21, b"")).get(2, [0])[0]
        self.filter, self.recorded = one(8, b""), fields(one(16, b"")).get(6, [0])[0]
        self.fields = found.keys()
        self.facts = (self.name, self.owner, self.state, self.filter, self.followers, self.expires, one(12), one(13))

    def over(self):
        return self.state in (FINISHED, FAILED)


def jobs_of(reply):
    return [Job(message) for message in fields(reply.get(JOBS, [b""])[0]).get(1, [])]


def all_jobs():
    """By id, when none is in between and nobody follows any more."""
    deadline = time.monotonic() + 10
    while True:
        jobs = {job.id: job for job in jobs_of(ROOT.ask(LIST))}
        if not any(job.state in (STARTING, CHANGING, STOPPING) or job.followers for job in jobs.values()):
            return jobs
        if time.monotonic() > deadline:
            sys.exit("the jobs do not come to rest")
        time.sleep(0.01)


def facts_of(jobs):
    return {job.id: job.facts for job in jobs.values()}


def job_of(user, jobs):
    return [job for job in jobs.values() if job.name == "job-of-" + user and job.owner == USERS[user]][-1]


def connection_of(user):
    return connect_as(USERS[user], [] if user == "outsider" else [SOCKET_GROUP])


def begin(user):
    interface = "eth1" if user == "narrow" else "eth0"
    error = error_of(CLIENTS[user].ask(START, start("job-of-" + user, interface)))
    if error:
        sys.exit(f"the job of {user}: {error}")


# ---- The requests: what is asked about a job, given by its name

def start_of(*interfaces, foreground=False, keep=b""):
    return START, text(1, b"".join(text(1, one) for one in interfaces)) + text(2, "new") + number(3, int(foreground)) + keep


# Of StartJob and of CheckPolicy: the rows of the job, or also its packets.
def kept(field, packets=False):
    return text(field, text(1, b"") + (text(2, b"") if packets else b""))


def check(words, capture=b"", job=""):
    return POLICY, text(2, words) + text(3, capture) + text(5, job)


def changed_filter(job):
    changed_filter.port += 1
    return FILTER, text(1, job) + text(2, text(4, f"not udp port {changed_filter.port}"))


changed_filter.port = 1000
SOMEBODY = number(1, 4242) + number(2, 4242)
NO_JOB = {
    "hello": lambda user: (HELLO, number(1, VERSION)),
    "start-eth0": lambda user: start_of("eth0"),
    "start-eth1": lambda user: start_of("eth1"),
    "start-both": lambda user: start_of("eth0", "eth1"),
    "start-lo": lambda user: start_of("lo"),
    "start-any": lambda user: start_of("any"),
    "start-eth9": lambda user: start_of("eth9"),
    "start-saving": lambda user: (START, start("new", save=True)),
    "start-filtered": lambda user: (START, start("new", bpf="icmp")),
    "start-foreground": lambda user: start_of("eth0", foreground=True),
    "start-kept": lambda user: start_of("eth1", keep=kept(7)),
    "start-kept-packets": lambda user: start_of("eth1", keep=kept(7, packets=True)),
    "check-start-kept": lambda user: (POLICY, check("start", text(1, "eth1"))[1] + kept(6)),
    "start-by-their-name": lambda user: (START, start("job-of-" + other_than(user))),
    "start-by-own-name": lambda user: (START, start("job-of-" + user)),
    "list": lambda user: (LIST, b""),
    "stop-own-and-other": lambda user: (STOP, text(1, "job-of-" + user) + text(1, "job-of-" + other_than(user))),
    "stop-none": lambda user: (STOP, b""),
    "stop-all": lambda user: (STOP, number(2, 1)),
    "interfaces": lambda user: (INTERFACES, b""),
    "status": lambda user: (STATUS, b""),
    "check": lambda user: check(""),
    "check-of-somebody": lambda user: (POLICY, text(1, SOMEBODY)),
    "check-start-eth0": lambda user: check("start", text(1, "eth0")),
    "check-start-lo": lambda user: check("start", text(1, "lo")),
    "check-nonsense": lambda user: check("fly"),
    "unknown": lambda user: (100, b"who knows"),
    "empty": lambda user: (None, b""),
}
ABOUT_JOB = {
    "show": lambda job: (SHOW, text(1, job)),
    "follow-new": lambda job: (FOLLOW, follow(job, 0)),
    "follow-past": lambda job: (FOLLOW, follow(job, 1)),
    "results": lambda job: (FOLLOW, follow(job, 1) + number(3, 1)),
    "filter": changed_filter,
    "renew": lambda job: (RENEW, text(1, job)),
    "stop": lambda job: (STOP, text(1, job)),
    **{"check-" + words: lambda job, words=words: check(words, job=job)
       for words in ("show", "follow", "results", "stop", "filter", "renew")},
}


def other_than(user):
    return "plain" if user == "owner" else "owner"


# ---- The answers

class Answer:
    def __init__(self, reply):
        self.reply, self.error, self.words, self.rows = reply, error_of(reply), "", []
        if self.error:
            reply_id, code, self.words = self.error
            self.letter = LETTERS.get(code, f"error {code}") if reply_id else "o"
        elif VERDICT in reply:
            self.letter = "y" if 1 in fields(reply[VERDICT][0]) else "r"
        else:
            self.letter = "y"


def first_rows(client):
    """The sequence of the first rows of a stream; 0: it ends before."""
    while True:
        item = fields(client.message().get(2, [b""])[0])
        if 2 in item:
            return fields(item[2][0]).get(1, [0])[0]
        if 6 in item:
            return 0


def ask(user, kind, body, saving=False):
    """On a connection of its own where a stream may begin."""
    message = number(1, 1) if kind is None else request(kind, body)[4:]
    frame = len(message).to_bytes(4, "little") + message
    own = kind == FOLLOW or (kind == START and (number(3, 1) in body))
    client = Client(connection=connection_of(user)) if own else CLIENTS[user]
    descriptors = [os.open(SAVED_TO, os.O_WRONLY | os.O_APPEND)] if saving else []
    client.send(frame, descriptors)
    for fd in descriptors:
        os.close(fd)
    answer = Answer(client.reply())
    if kind == FOLLOW and answer.letter == "y":
        answer.first = first_rows(client)
    if own:
        client.close()
    return answer


# ---- What must have come of it

def job_changes(name, user, job, before, after):
    """Ids of the jobs that may be others now than they were, or what is wrong."""
    new = [one for one in after.values() if one.id not in before]
    if name.startswith("start"):
        return {one.id for one in new} if [one.owner for one in new] == [USERS[user]] else f"began {len(new)} jobs"
    if new:
        return "began a job"
    if name == "filter":
        return {job.id} if after[job.id].filter != before[job.id].filter else "left the filter"
    if name == "renew":
        kept = before[job.id].expires and after[job.id].expires <= before[job.id].expires
        return "did not renew" if kept else {job.id}
    if name.startswith("stop"):
        own, other = "stop-all" in name or "own" in name, TABLE["stop", "other"][user] == "y"
        wanted = {one.id for one in before.values() if not one.over() and (
            one.id == job.id if job else
            one.owner == USERS[user] if not other else
            own if name == "stop-all" else one.name in ("job-of-" + user, "job-of-" + other_than(user)))}
        ended = {one.id for one in after.values() if one.over() and not before[one.id].over()}
        return ended if ended == wanted else f"stopped {sorted(ended)}, not {sorted(wanted)}"
    return set()


# Id, name, state, owner, expiry.
OF_ONE_NOT_SEEN = {1, 2, 3, 4, 14}


def wrong_in_answer(name, user, job, answer, before):
    if TABLE["show", "other"][user] != "y" and any(
            one.owner != USERS[user] and one.fields - OF_ONE_NOT_SEEN for one in jobs_of(answer.reply)):
        return "told more of a job that may not be seen"
    if name == "show" and [one.id for one in jobs_of(answer.reply)] != [job.id]:
        return "showed another job"
    if name == "list":
        seen = {True: TABLE["show", "own"][user] == "y", False: TABLE["show", "other"][user] == "y"}
        wanted = [one.id for one in before.values() if seen[one.owner == USERS[user]]]
        listed = [one.id for one in jobs_of(answer.reply)]
        return "" if listed == wanted else f"listed {listed}, not {wanted}"
    if name in ("follow-past", "results") and answer.first != 1:
        return f"began with row {answer.first}"
    if name == "follow-new" and job.over() != (answer.first == 0):
        return "no rows, or rows of a job that has ended"
    if name == "follow-new" and not job.over() and answer.first <= job.recorded:
        return f"gave row {answer.first} of the past, which had {job.recorded}"
    return ""


def restore(jobs):
    """The jobs are there again, and no other lives."""
    for one in jobs.values():
        if one.name == "new" or (one.name.startswith("job-of-") and USERS[one.name[7:]] != one.owner):
            if not one.over():
                ROOT.ask(STOP, text(1, str(one.id)))
    for user in USERS:
        if TABLE["survives", "own"][user] == "y" and job_of(user, jobs).over():
            begin(user)


def with_rows(user):
    """All jobs, once that user's has rows."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        jobs = all_jobs()
        if job_of(user, jobs).kept:
            return jobs
        time.sleep(0.02)
    sys.exit(f"the job of {user} has no rows")


def size_of_file():
    return os.stat(SAVED_TO).st_size


def try_one(name, about, user, expected):
    whose = user if about == "own" else other_than(user)
    before = with_rows(whose) if name in ("follow-new", "follow-past", "results") else all_jobs()
    job = job_of(whose, before) if name in ABOUT_JOB else None
    saved = size_of_file()
    kind, body = ABOUT_JOB[name](job.name) if job else NO_JOB[name](user)
    answer = ask(user, kind, body, name == "start-saving")
    after = all_jobs()
    changes = set()
    if answer.letter != expected:
        yield f"answered {answer.letter}: {answer.words}"
    elif expected == "y":
        changes = job_changes(name, user, job, before, after)
        wrong = changes if isinstance(changes, str) else wrong_in_answer(name, user, job, answer, before)
        if wrong:
            yield wrong
            changes = set(before)
    facts = facts_of(after)
    if any(facts.get(id) != was and id not in changes for id, was in facts_of(before).items()):
        yield "changed a job"
    if expected != "y" and facts.keys() != facts_of(before).keys():
        yield "began a job"
    if about == "other" and expected != "y" and TABLE["show", "other"][user] != "y":
        yield from told_apart(name, user, job)
    restore(after)
    if (size_of_file() != saved) != (expected == "y" and name == "start-saving"):
        yield "touched the file, or did not"


def told_apart(name, user, job):
    """By name, id or the beginning of either: the same is said of a job that there is not."""
    for real, absent in ((job.name, "job-of-them"), (str(job.id), "987654"), (job.name[:-1], "job-of-the"),
                         ("", ""), ("job-of-", "job-of-")):
        answers = [ask(user, *ABOUT_JOB[name](text)) for text in (real, absent)]
        told = [(one.letter, one.words.replace(f"'{text}'", "JOB"))
                for one, text in zip(answers, (real, absent))]
        if told[0] != told[1]:
            yield f"told {told[0]} of {real!r}, and {told[1]} of one that there is not"


def turned_away(rows):
    """Nothing of an outsider is read, whatever it is."""
    before = facts_of(all_jobs())
    clients = {}
    for name, about in rows:
        kind, body = (ABOUT_JOB[name]("job-of-owner") if name in ABOUT_JOB else
                      NO_JOB[name]("outsider") if name in NO_JOB else (LIST, b""))
        client = clients[name, about] = Client(greet=False, connection=connection_of("outsider"))
        try:
            client.send(hello() + request(kind or LIST, body, 2))
        except (BrokenPipeError, ConnectionResetError):
            pass
    for (name, about), client in clients.items():
        answer = Answer(client.reply())
        if (answer.letter, answer.error[1]) != ("o", 5):
            yield f"outsider: {name} {about}: answered {answer.letter}: {answer.words}"
        try:
            client.message()
            yield f"outsider: {name} {about}: more was said"
        except Closed:
            pass
    if facts_of(all_jobs()) != before:
        yield "outsider: changed a job"


def read_table():
    table = {}
    for line in sys.stdin:
        name, about, *letters = line.split()
        if len(letters) != len(USERS):
            sys.exit(f"a column a user: {line}")
        table[name, about] = dict(zip(USERS, letters))
    missing = {(name, "none") for name in NO_JOB} | {(name, about) for name in ABOUT_JOB for about in ("own", "other")}
    if missing - table.keys():
        sys.exit(f"not in the table: {sorted(missing - table.keys())}")
    return table


def ask_all():
    with open(SAVED_TO, "wb") as file:
        file.write(b"as it was")
    for (name, about), letters in TABLE.items():
        for user, expected in letters.items():
            if user == "outsider":
                continue
            if name == "survives":
                wrong = ["otherwise"] if job_of(user, all_jobs()).over() == (expected == "y") else []
            else:
                wrong = try_one(name, about, user, expected)
            for what in wrong:
                yield f"{user}: {name} {about}: expected {expected}, {what}"
    yield from turned_away(TABLE)


ROOT = Client()
CLIENTS = {user: Client(connection=connection_of(user)) for user in USERS if user != "outsider"}
if sys.argv[1] == "begin":
    for one in CLIENTS:
        begin(one)
else:
    TABLE = read_table()
    count = 0
    for count, line in enumerate(ask_all(), 1):
        print(line, flush=True)
    print(f"{len(TABLE) * len(USERS)} combinations, {count} wrong")
    sys.exit(count != 0)
