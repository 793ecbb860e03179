#!/usr/bin/env python3
"""flow_totals.py CLIENT CAPTURE|FOLDER…: packets and bytes of conversations, beside tshark, nfdump and argus.

CLIENT is packetsentryctl, with its worker beside it. Of each capture, the flows with the same two ends are added up, and
compared with what these tools say of the same ends: "tshark -z conv,tcp" (packets), nfpcapd with nfdump, and argus with ra
(packets and bytes of each). A tool that is not installed is left out. Prints, for each tool, how many pairs of ends and
captures agree, and each pair that does not; status 1 if there is any without a reason, which tshark_fields.tsv's like,
flow_totals.tsv beside this file, lists: tool, capture, reason.
"""
import collections
import ipaddress
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
SHOWN = 5  # differences of one capture
ENVIRONMENT = dict(os.environ, TZ="UTC", LC_ALL="C.UTF-8")
PORTS = {"tcp": 6, "udp": 17}
NAMES = {name: protocol for protocol, number in PORTS.items() for name in (protocol, str(number))}

Total = collections.namedtuple("Total", "packets bytes")


def output(command, **more):
    return subprocess.run(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
                          **more).stdout.decode(errors="replace")


def ends(protocol, *pairs):
    """The key of a conversation: its protocol, and both ends in an order that does not tell who began."""
    return protocol, tuple(sorted((str(ipaddress.ip_address(address)), int(port)) for address, port in pairs))


def add(totals, key, packets, size):
    before = totals.get(key, Total(0, 0))
    totals[key] = Total(before.packets + packets, before.bytes + size)


def ours(client, capture):
    totals = {}
    last = {}
    for line in output([client, "-r", str(capture), "--table", "flows", "--json"]).splitlines():
        row = json.loads(line)
        transport = row.get("network", {}).get("transport")
        if transport not in PORTS:
            continue
        key = ends(transport, (row["source"]["ip"], row["source"]["port"]),
                   (row["destination"]["ip"], row["destination"]["port"]))
        total = (row["source"]["packets"] + row["destination"]["packets"],
                 row["source"]["bytes"] + row["destination"]["bytes"])
        # A row of a conversation that goes on has all that came before, which the next row has again.
        begun = key + (row["event"]["start"],)
        if row["packetsentry"]["flow"]["reason"] == "lasts":
            last[begun] = total
            continue
        last.pop(begun, None)
        add(totals, key, *total)
    return totals


CONVERSATION = re.compile(r"^(\S+):(\d+)\s+<->\s+(\S+):(\d+)\s+.*")


def tshark(capture):
    totals = {}
    text = output(["tshark", "-n", "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", "-r", str(capture), "-q",
                   "-z", "conv,tcp"])
    for line in text.splitlines():
        found = CONVERSATION.match(line)
        if not found:
            continue
        key = ends("tcp", found.group(1, 2), found.group(3, 4))
        # Frames and bytes in one direction, in the other, and of both; the bytes are rounded.
        numbers = re.findall(r"(\d+)\s+(?:\d+\s*(?:bytes|kB|MB|GB)|\d+)", line[found.end(4):])
        add(totals, key, int(numbers[2]), 0)
    return totals


def nfdump(capture):
    with tempfile.TemporaryDirectory() as folder:
        output(["nfpcapd", "-r", str(capture), "-w" if nfpcapd_takes_w() else "-l", folder])
        text = output(["nfdump", "-R", folder, "-q", "-N", "-6", "-o", "fmt:%pr,%sa,%sp,%da,%dp,%pkt,%byt"])
    totals = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split(",")]
        protocol = NAMES.get(cells[0].lower())
        if len(cells) == 7 and protocol:
            add(totals, ends(protocol, cells[1:3], cells[3:5]), int(cells[5]), int(cells[6]))
    return totals


def nfpcapd_takes_w():
    return "-w flowdir" in subprocess.run(["nfpcapd", "-h"], capture_output=True, check=False).stdout.decode()


def argus(capture):
    made = subprocess.run(["argus", "-r", str(capture), "-w", "-"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=False).stdout
    text = output(["ra", "-r", "-", "-n", "-c", ",", "-L", "-1", "-s", "proto,saddr,sport,daddr,dport,pkts,bytes"], input=made)
    totals = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split(",")]
        if len(cells) != 7 or cells[0] not in PORTS:
            continue
        try:
            add(totals, ends(cells[0], cells[1:3], cells[3:5]), int(cells[5]), int(cells[6]))
        except ValueError:
            continue  # a port of which only the name is known
    return totals


TOOLS = {"tshark": (tshark, "tshark"), "nfdump": (nfdump, "nfpcapd"), "argus": (argus, "argus")}


def reasons():
    listed = HERE / "flow_totals.tsv"
    if not listed.exists():
        return {}
    with open(listed, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]
    return {(tool, capture): reason for tool, capture, reason in rows}


def captures_in(arguments):
    for argument in map(pathlib.Path, arguments):
        yield from sorted(path for path in argument.iterdir() if path.is_file()) if argument.is_dir() else [argument]


def compared(tool, total):
    """What the tool tells of a conversation: tshark rounds bytes, and argus counts those of whole frames."""
    return total.packets if tool in ("tshark", "argus") else total


def main():
    client, arguments = sys.argv[1], sys.argv[2:]
    tools = {tool: read for tool, (read, program) in TOOLS.items() if shutil.which(program)}
    listed = reasons()
    equal, different = collections.Counter(), collections.Counter()
    status = 0
    for capture in captures_in(arguments):
        mine = ours(client, capture)
        for tool, read in tools.items():
            theirs = read(capture)
            keys = {key for key in mine.keys() | theirs.keys() if tool != "tshark" or key[0] == "tcp"}
            differ = sorted(key for key in keys if (key in mine) != (key in theirs) or
                            compared(tool, mine[key]) != compared(tool, theirs[key]))
            equal[tool] += len(keys) - len(differ)
            different[tool] += len(differ)
            reason = listed.get((tool, capture.name), listed.get((tool, "*")))
            if not differ:
                continue
            status = status if reason else 1
            print(f"{tool}: {capture.name}: {len(differ)} of {len(keys)} differ" + (f" ({reason})" if reason else ""))
            for key in differ[:0 if reason else SHOWN]:
                print("   ", *key, "ours", mine.get(key), "theirs", theirs.get(key))
    for tool in tools:
        print(f"{tool}: {equal[tool]} of {equal[tool] + different[tool]} pairs of ends agree")
    return status


if __name__ == "__main__":
    sys.exit(main())
