#!/usr/bin/env python3
"""Compares our flows with the logs that Zeek keeps as the expected results of its own tests.

conn_logs.py ZEEK [CONN_LOG]    ZEEK: a source tree of Zeek. CONN_LOG: build/bin/conn_log ('ninja conn_log')

Each test that reads one capture and whose expected results have a conn.log is compared, flow by flow. Prints each flow that
differs with the kind of its difference (conn_log_kinds.py), how many are equal, how many differ for a reason that is known
and how many for none, the kinds, and how many values of each field agree. Status 1: less than 99 of 100 flows are equal or
explained.
"""
import collections
import pathlib
import re
import subprocess
import sys

import conn_log_kinds as kinds

COMPARED = ["service", "duration", "orig_bytes", "resp_bytes", "conn_state", "missed_bytes", "history", "orig_pkts",
            "orig_ip_bytes", "resp_pkts", "resp_ip_bytes"]
PRINTED = ["ts", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", *COMPARED, "community_id", "ip_proto",
           "parent", "faults"]
WITHOUT_DURATION = {"duration", "orig_bytes", "resp_bytes"}  # Zeek leaves them out of a flow of one packet
LEAST = 99.0
SCTP = "132"


def expected_logs(tests):
    """Yields name, capture, log and text of each test that reads one capture."""
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
            yield name, capture, log, text


def read_log(path):
    names, rows = [], []
    for line in path.read_text(errors="replace").splitlines():
        if line.startswith("#fields"):
            names = line.split("\t")[1:]
        elif not line.startswith("#") and names:
            rows.append(dict(zip(names, line.split("\t"))))
    return [row for row in rows if "id.orig_h" in row]


def ends(row):
    """What both call the same flow. Zeek has no ports of SCTP."""
    ports = row.get("ip_proto") != SCTP
    pair = [(row["id.orig_h"], row["id.orig_p"] if ports else "0"), (row["id.resp_h"], row["id.resp_p"] if ports else "0")]
    return row["proto"], row.get("ip_proto") if row["proto"] == "unknown_transport" else None, tuple(sorted(pair))


def our_flows(program, capture):
    output = subprocess.run([program, capture], capture_output=True, text=True, check=True).stdout
    rows = [dict(zip(PRINTED, line.split("\t"))) for line in output.splitlines()]
    for row in rows:
        if row["ip_proto"] == SCTP:
            row["proto"] = "unknown_transport"
    return rows


def parent_of(row, rows):
    """The ends of the flows that carry one of theirs, as far as their log has them."""
    parents = row.get("tunnel_parents", "-").split(",")
    return {ends(parent) for parent in rows if parent.get("uid") in parents}


def carriers_of(row, tunnels):
    parents = row.get("tunnel_parents", "-").split(",")
    return [{tunnel["id.orig_h"], tunnel["id.resp_h"]} for tunnel in tunnels if tunnel.get("uid") in parents]


def agrees(field, ours, theirs):
    if field == "duration":
        return abs(float(ours) - float(theirs)) < 2e-6
    if field == "service":
        return kinds.services(ours) == kinds.services(theirs)
    return ours == theirs


class Comparison:
    def __init__(self):
        self.fields = collections.defaultdict(collections.Counter)
        self.kinds = collections.Counter()
        self.flows = collections.Counter()

    def count(self, label, row, different, found_kinds):
        """different: field, ours, theirs, kind. found_kinds: those of the flow as a whole."""
        reasons = {kind for *_, kind in different} | set(found_kinds)
        verdict = "equal" if not reasons else "unexplained" if None in reasons else "explained"
        self.flows[verdict] += 1
        self.kinds.update(reasons - {None})
        if verdict == "equal":
            return
        what = "; ".join(f"{field} {ours}, theirs {theirs}" for field, ours, theirs, _ in different) or "no flow"
        print(f"{label}: {row['proto']} {row['id.orig_h']}:{row['id.orig_p']} {row['id.resp_h']}:{row['id.resp_p']}: {what}: "
              + ", ".join(sorted(kind or "UNEXPLAINED" for kind in reasons)))

    def compare(self, ours, theirs, test, parents, whole_kind=None):
        different = []
        pairs = [(field, ours[field], theirs[field]) for field in COMPARED
                 if field in theirs and not (field in WITHOUT_DURATION and theirs[field] == "-")]
        pairs.append(("originator", ours["id.orig_h"], theirs["id.orig_h"]))
        if parents:
            mine = ours["parent_ends"]
            pairs.append(("tunnel_parents", mine if mine not in parents else "same", "same"))
        for field, mine, other in pairs:
            if agrees(field, mine, other):
                self.fields[field]["equal"] += 1
                continue
            kind = whole_kind or kinds.kind_of(field, ours, theirs, test)
            self.fields[field]["explained" if kind else "unexplained"] += 1
            different.append((field, mine, other, kind))
        return different


def compare_test(name, ours, theirs, tunnels, test, result):
    carriers = {row["community_id"]: ends(row) for row in ours}
    mine, other = collections.defaultdict(list), collections.defaultdict(list)
    for row in ours:
        row["parent_ends"] = carriers.get(row["parent"])
        mine[ends(row)].append(row)
    for row in theirs:
        other[ends(row)].append(row)
    for key, rows in other.items():
        left = list(mine[key])
        split = kinds.kind_of_split(rows, left[0]) if len(left) == 1 < len(rows) else None
        for row in rows:
            if not left:
                result.count(name, row, [], [split or kinds.kind_of_absence(carriers_of(row, tunnels), ours)])
                continue
            best = max(left, key=lambda ours: sum(ours[field] == row.get(field) for field in COMPARED))
            left.remove(best)
            whole = ["SCTP"] if best["ip_proto"] == SCTP else []
            different = result.compare(best, row, test, parent_of(row, theirs), split)
            result.count(name, row, different, whole)


def main():
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    tests = pathlib.Path(sys.argv[1]) / "testing/btest"
    program = sys.argv[2] if len(sys.argv) == 3 else "build/bin/conn_log"
    result = Comparison()
    captures = 0
    for name, capture, log, text in expected_logs(tests):
        captures += 1
        theirs = [row for row in read_log(log) if "history" in row]
        tunnels = log.with_name("tunnel.log")
        tunnels = theirs + (read_log(tunnels) if tunnels.exists() else [])
        compare_test(name, our_flows(program, capture), theirs, tunnels, kinds.Test(text), result)
    flows = sum(result.flows.values())
    known = result.flows["equal"] + result.flows["explained"]
    print(f"\n{captures} captures, {flows} flows: {result.flows['equal']} are equal, {result.flows['explained']} differ for "
          f"a reason that is known, {result.flows['unexplained']} for none: {100 * known / max(1, flows):.2f} % equal or "
          f"explained\n")
    for kind, count in result.kinds.most_common():
        print(f"{count:4}  {kind}: {kinds.KINDS[kind]}")
    print()
    for field, counts in result.fields.items():
        total = sum(counts.values())
        print(f"{field:14} {counts['equal']:4} of {total:4} equal  {100 * counts['equal'] / total:6.2f} %   explained too "
              f"{100 * (total - counts['unexplained']) / total:6.2f} %")
    sys.exit(100 * known < LEAST * flows)


main()
