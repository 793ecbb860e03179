#!/usr/bin/env python3
"""Compares our rows of questions of DNS with the logs that Zeek keeps as the expected results of its own tests.

dns_logs.py ZEEK [CLIENT [CONN_LOG]]    ZEEK: a source tree of Zeek. CLIENT: build/bin/packetsentryctl. CONN_LOG:
                                        build/bin/conn_log ('ninja conn_log')

Each test that reads one capture and whose expected results have a dns.log is compared with what the client writes by
-T zeek, row by row. Prints each row that differs with the kind of its difference (dns_log_kinds.py), how many are equal, how
many differ for a reason that is known and how many for none, the kinds, and how many values of each field agree. Status 1:
less than 99 of 100 rows are equal or explained.
"""
import json
import sys

import dns_log_kinds as kinds
import zeek_baselines as baselines

IDENTITY = [*baselines.ENDS, "proto", "trans_id"]
COMPARED = ["rtt", "query", "qclass", "qclass_name", "qtype", "qtype_name", "rcode", "rcode_name", "AA", "TC", "RD", "RA", "Z",
            "answers", "TTLs", "rejected"]


def identity(row):
    return tuple(row[field] for field in IDENTITY)


def our_rows(client, capture, flows):
    """As -T zeek has them, with what only JSON tells, and what is wrong with their packets."""
    faults = baselines.faults_of(flows)
    rows = baselines.rows_of(baselines.said(client, capture, "dns", "-T", "zeek"))
    for row, line in zip(rows, baselines.said(client, capture, "dns", "--json").splitlines(), strict=True):
        row["repeats"] = json.loads(line)["packetsentry"].get("transaction", {}).get("repeats", 0)
        row["faults"] = faults.get(baselines.both_ends(row), [])
    return rows


def agrees(field, ours, theirs):
    if field == "rtt" and "-" not in (ours, theirs):
        return abs(float(ours) - float(theirs)) < 2e-6
    return ours == theirs


def compare_test(name, ours, theirs, tunnels, flows, test, tally):
    left = list(ours)
    carried = {row["uid"]: row for row in tunnels}
    for row in theirs:
        same = [one for one in left if identity(one) == identity(row)]
        if not same:
            same_question = [one for one in ours if identity(one) == identity(row)]
            carriers = baselines.carriers_of(carried.get(row["uid"], {}), tunnels)
            tally.count(name, row, [], [kinds.kind_of_absence(row, same_question, carriers, flows)])
            continue
        best = max(same, key=lambda one: sum(one[field] == row[field] for field in COMPARED))
        left.remove(best)
        pairs = [(field, best[field], row[field]) for field in COMPARED]
        tally.count(name, row, tally.differences(pairs, agrees, lambda field: kinds.kind_of(field, best, row, test)))
    for row in left:
        tally.count(name + ", ours alone", row, [], [None])


def main():
    tests, client, conn_log = baselines.arguments(__doc__)
    tally = baselines.Tally("questions", kinds.KINDS)
    for name, capture, log, test in baselines.expected_logs(tests, "dns.log"):
        tally.captures += 1
        flows = baselines.our_flows(conn_log, capture)
        tunnels = baselines.tunnels_of(log)
        compare_test(name, our_rows(client, capture, flows), baselines.read_log(log), tunnels, flows, test, tally)
    sys.exit(tally.finish())


main()
