#!/usr/bin/env python3
"""Compares our flows with the logs that Zeek keeps as the expected results of its own tests.

conn_logs.py ZEEK [CONN_LOG]    ZEEK: a source tree of Zeek. CONN_LOG: build/bin/conn_log ('ninja conn_log')

Each test that reads one capture and whose expected results have a conn.log is compared, flow by flow. Prints how many
flows agree wholly, how many values of each field agree, and each flow that differs.
"""
import collections
import pathlib
import re
import subprocess
import sys

COMPARED = ["duration", "orig_bytes", "resp_bytes", "conn_state", "missed_bytes", "history", "orig_pkts",
            "orig_ip_bytes", "resp_pkts", "resp_ip_bytes"]
PRINTED = ["ts", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", "service", *COMPARED, "community_id"]
WITHOUT_DURATION = {"duration", "orig_bytes", "resp_bytes"}  # Zeek leaves them out of a flow of one packet


def expected_logs(tests):
    """Yields name, capture and log of each test that reads one capture."""
    seen = set()
    for test in sorted(tests.rglob("*")):
        inside = test.relative_to(tests)
        if not test.is_file() or inside.parts[0].startswith("Baseline") or inside.parts[0] == "Traces":
            continue
        text = test.read_text(errors="replace") + "\n"
        captures = set(re.findall(r"@TEST-EXEC:.*?zeek.*?-r\s+\"?\$\{?TRACES\}?/(\S+?)[\"\s]", text))
        name = str(inside.with_suffix("")).replace("/", ".")
        log = tests / "Baseline" / name / "conn.log"
        if len(captures) != 1 or not log.exists():
            continue
        capture = tests / "Traces" / captures.pop()
        if capture.exists() and capture not in seen:
            seen.add(capture)
            yield name, capture, log


def read_log(path):
    names, rows = [], []
    for line in path.read_text(errors="replace").splitlines():
        if line.startswith("#fields"):
            names = line.split("\t")[1:]
        elif not line.startswith("#") and names:
            rows.append(dict(zip(names, line.split("\t"))))
    return [row for row in rows if "history" in row and "id.orig_h" in row]


def ends(row):
    return row["proto"], tuple(sorted([(row["id.orig_h"], row["id.orig_p"]), (row["id.resp_h"], row["id.resp_p"])]))


def our_flows(program, capture):
    output = subprocess.run([program, capture], capture_output=True, text=True, check=True).stdout
    flows = collections.defaultdict(list)
    for line in output.splitlines():
        row = dict(zip(PRINTED, line.split("\t")))
        flows[ends(row)].append(row)
    return flows


def agrees(field, ours, theirs):
    if field == "duration":
        return abs(float(ours) - float(theirs)) < 2e-6
    return ours == theirs


def compare(ours, theirs, counts):
    """Returns what differs: field, ours, theirs."""
    different = []
    if (ours["id.orig_h"], ours["id.orig_p"]) != (theirs["id.orig_h"], theirs["id.orig_p"]):
        different.append(("originator", ours["id.orig_h"], theirs["id.orig_h"]))
    for field in COMPARED:
        if field not in theirs or (field in WITHOUT_DURATION and theirs[field] == "-"):
            continue
        same = agrees(field, ours[field], theirs[field])
        counts[field][same] += 1
        if not same:
            different.append((field, ours[field], theirs[field]))
    return different


def main():
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    tests = pathlib.Path(sys.argv[1]) / "testing/btest"
    program = sys.argv[2] if len(sys.argv) == 3 else "build/bin/conn_log"
    counts = collections.defaultdict(lambda: [0, 0])
    captures = flows = equal = in_tunnels = absent = 0
    for name, capture, log in expected_logs(tests):
        captures += 1
        ours = our_flows(program, capture)
        for row in read_log(log):
            flows += 1
            found = ours[ends(row)]
            if not found:
                inside = row.get("tunnel_parents", "-") not in ("-", "(empty)")
                in_tunnels += inside
                absent += not inside
                print(f"{name}: no flow {row['proto']} {row['id.orig_h']}:{row['id.orig_p']} "
                      f"{row['id.resp_h']}:{row['id.resp_p']}{', which is in a tunnel' if inside else ''}")
                continue
            best = max(found, key=lambda ours: sum(ours[field] == row.get(field) for field in COMPARED))
            found.remove(best)
            different = compare(best, row, counts)
            equal += not different
            if different:
                print(f"{name}: {row['proto']} {row['id.orig_h']}:{row['id.orig_p']}: " +
                      "; ".join(f"{field} {ours}, theirs {theirs}" for field, ours, theirs in different))
    print(f"\n{captures} captures, {flows} flows: {equal} are equal, {flows - equal - in_tunnels - absent} differ, "
          f"{in_tunnels} in tunnels and {absent} others are not there")
    for field in COMPARED:
        wrong, right = counts[field]
        print(f"{field:14} {right:5} of {right + wrong:5}  {100 * right / max(1, right + wrong):6.2f} %")


main()
