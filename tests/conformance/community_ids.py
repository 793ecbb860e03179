#!/usr/bin/env python3
"""Compares Community IDs, with the ends of their packets, with the baseline of the specification.

community_ids.py SPECIFICATION [CLIENT]
    SPECIFICATION: a tree of https://github.com/corelight/community-id-spec. CLIENT: build/bin/packetsentryctl.
    Status 0: packets of its captures have all Community IDs of the baseline, and no others.
"""
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def expected(specification):
    entries = json.loads((specification / "baseline/baseline_deflt.json").read_text(encoding="utf-8"))
    return {(entry["saddr"], entry["daddr"], entry["communityid"]) for entry in entries}


def shown(specification, client):
    capture = specification / "pcaps/combined.pcap.gz"
    rows = subprocess.run([client, "read", "--json", capture], check=True, capture_output=True, text=True).stdout
    packets = [json.loads(row) for row in rows.splitlines()]
    return {(packet["source"]["ip"], packet["destination"]["ip"], packet["network"]["community_id"])
            for packet in packets if "community_id" in packet["network"]}


def main(specification, client=ROOT / "build/bin/packetsentryctl"):
    ours, theirs = shown(Path(specification), client), expected(Path(specification))
    for one in sorted(ours ^ theirs):
        print("only ours:" if one in ours else "only in the baseline:", *one)
    print(f"{len(ours & theirs)} of {len(theirs)} are equal, and {len(ours - theirs)} are not in the baseline")
    return 0 if ours == theirs else 1


sys.exit(main(*sys.argv[1:]))
