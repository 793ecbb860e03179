"""Asks the daemon as somebody who has bent what the kernel says of them, in a user namespace with subordinate ids.

identities.py shed UID GID GROUP      drops the supplementary group GROUP, which UID has, and asks for the policy
identities.py mapped UID GID ID…      is each of the ids in turn, with the group GID, and asks for the status
identities.py crowd UID GID COUNT ID… opens COUNT connections as each of the ids, and keeps them until the end

Run as root, which does what newuidmap(1) and newgidmap(1) do for a user whom subuid(5) lists.
"""
import os
import socket
import sys

from control_client import POLICY, Client, Closed, connect, error_of, fields, hello


def in_user_namespace(uid, gid, groups, ids, then):
    """Runs then() as uid, in a namespace where the ids are mapped as they are, and gives back what it returns."""
    ready, go = os.pipe(), os.pipe()
    here, there = socket.socketpair()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups(groups)
            os.setresgid(gid, gid, gid)
            os.setresuid(uid, uid, uid)
            os.unshare(os.CLONE_NEWUSER)
            os.write(ready[1], b".")
            os.read(go[0], 1)
            connection = then()
            socket.send_fds(there, [b"."], [connection.fileno()])
        finally:
            os._exit(0)
    os.read(ready[0], 1)
    for name, own, more in (("uid_map", uid, ids), ("gid_map", gid, [])):
        with open(f"/proc/{child}/{name}", "w", encoding="ascii") as file:
            file.write("".join(f"{inside} {outside} 1\n" for inside, outside in enumerate([own, *more])))
    os.write(go[1], b".")
    there.close()
    with here:
        rights = socket.recv_fds(here, 1, 1)[1]
    os.waitpid(child, 0)
    return socket.socket(fileno=rights[0])


if not hasattr(os, "unshare"):  # before Python 3.12
    import ctypes

    os.CLONE_NEWUSER = 0x10000000

    def unshare(flags):
        if ctypes.CDLL(None, use_errno=True).unshare(flags) != 0:
            raise OSError(ctypes.get_errno(), "unshare")

    os.unshare = unshare


def shed(uid, gid, group):
    def drop():
        os.setgroups([])
        return connect()

    client = Client(connection=in_user_namespace(uid, gid, [group], [], drop))
    verdict = fields(client.ask(POLICY)[7][0])
    print(verdict.get(3, [b""])[0].decode())


def as_id(uid, gid, number):
    def be():
        os.setresuid(1, 1, 1)
        return connect()

    return in_user_namespace(uid, gid, [], [number], be)


def answer_to_hello(connection):
    """The connection, and the daemon's refusal, or None."""
    client = Client(greet=False, connection=connection)
    try:
        client.socket.sendall(hello())
    except OSError:
        pass  # who is refused is told so before anything is read
    try:
        error = error_of(client.reply())
    except Closed:
        return client, "closed"
    return client, error[2] if error else None


def mapped(uid, gid, *ids):
    for number in ids:
        _, refusal = answer_to_hello(as_id(uid, gid, number))
        print(f"uid {number}:", refusal or "let in")


def crowd(uid, gid, count, *ids):
    answers = [answer_to_hello(as_id(uid, gid, number)) for number in ids for _ in range(count)]
    outcomes = [refusal or "let in" for _, refusal in answers]
    for outcome in sorted(set(outcomes)):
        print(f"{outcomes.count(outcome)} times: {outcome}")


kind, *numbers = sys.argv[1:]
{"shed": shed, "mapped": mapped, "crowd": crowd}[kind](*map(int, numbers))
