#!/usr/bin/env python3
"""Compares our rows of requests of HTTP with the logs that Zeek keeps as the expected results of its own tests.

http_logs.py ZEEK [CLIENT [CONN_LOG]]    ZEEK: a source tree of Zeek. CLIENT: build/bin/packetsentryctl. CONN_LOG:
                                         build/bin/conn_log ('ninja conn_log')

Each test that reads one capture and whose expected results have an http.log is compared with what the client writes by
-T zeek, row by row. Prints each row that differs with the kind of its difference (http_log_kinds.py), how many are equal,
how many differ for a reason that is known and how many for none, the kinds, and how many values of each field agree.
Status 1: less than 99 of 100 rows are equal or explained.
"""
import json
import sys

import http_log_kinds as kinds
import zeek_baselines as baselines
from zeek_baselines import ends

COMPARED = ["trans_depth", "method", "host", "uri", "referrer", "version", "user_agent", "request_body_len", "response_body_len",
            "status_code", "status_msg", "info_code", "info_msg"]
TELLING = ["uri", "method", "status_code", "trans_depth", "user_agent", "host"]  # what makes two rows one


def our_rows(client, capture, flows):
    """As -T zeek has them, with what only JSON tells, and what is wrong with their packets."""
    faults = baselines.faults_of(flows)
    rows = baselines.rows_of(baselines.said(client, capture, "http", "-T", "zeek"))
    for row, line in zip(rows, baselines.said(client, capture, "http", "--json").splitlines(), strict=True):
        told = json.loads(line)
        row["proto"] = "tcp"
        row["outcome"] = told["packetsentry"]["transaction"]["outcome"]
        row["incomplete"] = told["packetsentry"].get("incomplete", False)
        row["faults"] = faults.get(baselines.both_ends(row), [])
    return rows


def likeness(ours, theirs):
    """Of two rows between the same ends; 0: they are not one."""
    same_status = ours["status_code"] == theirs["status_code"]
    if ours["outcome"] == "unasked":
        return int(same_status)
    if ours["method"] != theirs["method"] and not same_status:
        return 0
    return 1 + sum(ours[field] == theirs[field] for field in TELLING)


def compare_test(name, ours, theirs, tunnels, flows, test, tally):
    left = list(ours)
    carried = {row["uid"]: row for row in tunnels}
    for row in theirs:
        row["proto"] = "tcp"
        same = [one for one in left if ends(one) == ends(row)]
        best = max(same, key=lambda one: likeness(one, row), default=None)
        if best is None or likeness(best, row) == 0:
            carriers = baselines.carriers_of(carried.get(row["uid"], {}), tunnels)
            same_ends = [one for one in ours if ends(one) == ends(row)]
            tally.count(name, row, [], [kinds.kind_of_absence(row, same_ends, carriers, flows, test)])
            continue
        left.remove(best)
        pairs = [(field, best[field], row[field]) for field in COMPARED]
        tally.count(name, row, tally.differences(pairs, lambda _, mine, other: mine == other,
                                                 lambda field: kinds.kind_of(field, best, row, test)))
    for row in left:
        tally.count(name + ", ours alone", row, [], [kinds.kind_of_ours_alone(row, test)])


def main():
    tests, client, conn_log = baselines.arguments(__doc__)
    tally = baselines.Tally("requests", kinds.KINDS)
    for name, capture, log, test in baselines.expected_logs(tests, "http.log"):
        theirs = baselines.read_log(log)
        if not theirs:
            continue  # the test looks at a few columns alone
        tally.captures += 1
        flows = baselines.our_flows(conn_log, capture)
        tunnels = baselines.tunnels_of(log)
        compare_test(name, our_rows(client, capture, flows), theirs, tunnels, flows, test, tally)
    sys.exit(tally.finish())


main()
