#!/usr/bin/env python3
"""tshark_fields.py CLIENT [CAPTURE…]: what -T fields prints, beside what tshark -T fields prints.

CLIENT is packetsentryctl, with its worker beside it. Each capture (those of tests/golden/ without any) is read once by
either program, with every name of Wireshark's that "packetsentryctl fields" lists and tshark knows, and compared cell
by cell. tshark_fields.tsv beside this file lists what may differ: a field, a capture or "*", and the reason. Prints
the cells that differ otherwise, and listed rows of which nothing differs any more; status 1 if there is any, 77 if
tshark is not installed.
"""
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
GOLDEN = HERE.parent / "golden"
SHOWN = 3  # cells of one field
# One time zone for both. Names are not looked up, and packets are not put together from several: each is
# judged by itself here.
ENVIRONMENT = dict(os.environ, TZ="Europe/Berlin", LC_ALL="C.UTF-8")
ALONE = ["-n", "--enable-protocol", "communityid", "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE",
         "-o", "tcp.desegment_tcp_streams:FALSE", "-o", "tcp.relative_sequence_numbers:FALSE"]


def output(command):
    return subprocess.run(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout


def names_of(client):
    known = {line.split("\t")[2] for line in output(["tshark", "-G", "fields"]).decode(errors="replace").splitlines()
             if line.count("\t") >= 2}
    fields = map(json.loads, output([client, "fields", "--json"]).splitlines())
    ours = {name for field in fields for name in field["wireshark"]} | FURTHER
    return sorted(name for name in ours if name in known)


# Names that are bits, flags and presences of the fields in the list.
FURTHER = {"frame.time_epoch", "http.request", "http.response", "tls.record.content_type"} | {
    f"tcp.flags.{flag}" for flag in ("fin", "syn", "reset", "push", "ack", "urg", "ece", "cwr")} | {
    f"dns.flags.{flag}" for flag in (
        "authoritative", "truncated", "recdesired", "recavail", "authenticated", "checkdisable")}


def table(command, names):
    chosen = [word for name in names for word in ("-e", name)]
    text = output(command + ["-T", "fields", "-E", "aggregator=|"] + chosen)
    return [[plain_flags(cell) for cell in line.split(b"\t")] for line in text.split(b"\n")[:-1]]


def plain_flags(cell):
    """From tshark 4.2 on, a flag is a word."""
    return b"|".join({b"True": b"1", b"False": b"0"}.get(value, value) for value in cell.split(b"|"))


def reasons():
    with open(HERE / "tshark_fields.tsv", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]
    return {(field, capture): reason for field, capture, reason in rows}


def compare(client, capture, names, listed, used):
    """Field -> cells that differ without a reason."""
    ours = table([client, "-r", str(capture)], names)
    theirs = table(["tshark", "-r", str(capture)] + ALONE, names)
    others = collections.defaultdict(list)
    if len(ours) != len(theirs):
        others["frame.number"].append((0, b"%d rows" % len(ours), b"%d rows" % len(theirs)))
    for number, (mine, other) in enumerate(zip(ours, theirs), 1):
        for name, left, right in zip(names, mine, other):
            if left == right:
                continue
            reason = {(name, capture.name), (name, "*")} & listed.keys()
            used.update(reason)
            if not reason:
                others[name].append((number, left, right))
    return others


def main(client, captures):
    if shutil.which("tshark") is None:
        print("NOT COMPARED: tshark is not installed")
        return 77
    names, listed, used, cells = names_of(client), reasons(), set(), 0
    for capture in captures:
        for name, differ in sorted(compare(client, capture, names, listed, used).items()):
            cells += len(differ)
            for number, ours, theirs in differ[:SHOWN]:
                print(f"{capture.name} {number} {name}: {ours!r}, tshark {theirs!r}")
            if len(differ) > SHOWN:
                print(f"{capture.name} {name}: {len(differ) - SHOWN} more")
    stale = listed.keys() - used
    for field, capture in sorted(stale):
        print(f"listed, and does not differ: {field} {capture}")
    print(f"{len(names)} fields, {len(captures)} captures, {cells} cells differ without a reason")
    return 1 if cells or stale else 0


if __name__ == "__main__":
    given = [pathlib.Path(name) for name in sys.argv[2:]]
    sys.exit(main(sys.argv[1], given or sorted(GOLDEN.glob("*.pcap*"))))
