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
import sys

import conn_log_kinds as kinds
import zeek_baselines as baselines

COMPARED = ["service", "duration", "orig_bytes", "resp_bytes", "conn_state", "missed_bytes", "history", "orig_pkts",
            "orig_ip_bytes", "resp_pkts", "resp_ip_bytes"]
WITHOUT_DURATION = {"duration", "orig_bytes", "resp_bytes"}  # Zeek leaves them out of a flow of one packet
SCTP = "132"


def ends(row):
    """What both call the same flow. Zeek has no ports of SCTP."""
    ports = row.get("ip_proto") != SCTP
    pair = [(row["id.orig_h"], row["id.orig_p"] if ports else "0"), (row["id.resp_h"], row["id.resp_p"] if ports else "0")]
    return row["proto"], row.get("ip_proto") if row["proto"] == "unknown_transport" else None, tuple(sorted(pair))


def our_flows(program, capture):
    rows = baselines.our_flows(program, capture)
    for row in rows:
        if row["ip_proto"] == SCTP:
            row["proto"] = "unknown_transport"
    return rows


def parent_of(row, rows):
    """The ends of the flows that carry one of theirs, as far as their log has them."""
    parents = row.get("tunnel_parents", "-").split(",")
    return {ends(parent) for parent in rows if parent.get("uid") in parents}


def agrees(field, ours, theirs):
    if field == "duration":
        return abs(float(ours) - float(theirs)) < 2e-6
    if field == "service":
        return kinds.services(ours) == kinds.services(theirs)
    return ours == theirs


def compare(tally, ours, theirs, test, parents, whole_kind=None):
    pairs = [(field, ours[field], theirs[field]) for field in COMPARED
             if field in theirs and not (field in WITHOUT_DURATION and theirs[field] == "-")]
    pairs.append(("originator", ours["id.orig_h"], theirs["id.orig_h"]))
    if parents:
        mine = ours["parent_ends"]
        pairs.append(("tunnel_parents", mine if mine not in parents else "same", "same"))
    return tally.differences(pairs, agrees, lambda field: whole_kind or kinds.kind_of(field, ours, theirs, test))


def compare_test(name, ours, theirs, tunnels, test, tally):
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
                tally.count(name, row, [], [split or kinds.kind_of_absence(baselines.carriers_of(row, tunnels), ours)])
                continue
            best = max(left, key=lambda ours: sum(ours[field] == row.get(field) for field in COMPARED))
            left.remove(best)
            whole = ["SCTP"] if best["ip_proto"] == SCTP else []
            different = compare(tally, best, row, test, parent_of(row, theirs), split)
            tally.count(name, row, different, whole)


def main():
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    tests = pathlib.Path(sys.argv[1]) / "testing/btest"
    program = sys.argv[2] if len(sys.argv) == 3 else "build/bin/conn_log"
    tally = baselines.Tally("flows", kinds.KINDS)
    for name, capture, log, test in baselines.expected_logs(tests, "conn.log"):
        tally.captures += 1
        theirs = [row for row in baselines.read_log(log) if "history" in row]
        tunnels = theirs + baselines.read_log(log.with_name("tunnel.log"))
        compare_test(name, our_flows(program, capture), theirs, tunnels, test, tally)
    sys.exit(tally.finish())


main()
