#!/usr/bin/env python3
"""How far the rows that a user gets agree with a corpus, field by field.

    tests/conformance/agreement.py CORPUS [CLIENT [EXAMPLES]]

CORPUS is described in README.md beside this file; without one nothing is compared, and that is said. CLIENT is
packetsentryctl (build/bin/packetsentryctl). Prints a line for each field:

    of all     percent of all packets that agree; a packet in which neither we nor the truth have the field agrees too,
               so a rare field is near 100 here whatever we make of it
    have it    packets in which the field is compared, because we or the truth or both have it
    agree      packets among these in which both have the same values
    of these   percent of those that have it: the stricter figure, but of few packets for a rare field
    listed     packets that differ with a reason in differences.tsv; they count as different in both percentages
    others     packets that differ without one
    left out   packets that have it and are not compared (see QUOTED, UNTOLD and ENCRYPTED); they count as agreeing
               under "of all", and not at all under "of these"

Of a field that a packet has several times some compare all values and others the first one; FIELDS says which. Then
come the differences by their reason, and EXAMPLES (3) of those that have none. Status 1 where a field has others in more
than 0.5 percent of all packets.
"""
import collections
import csv
import datetime
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
LEAST = 99.5
TRANSPORTS = {
    "1": "icmp", "2": "igmp", "4": "ipip", "6": "tcp", "17": "udp", "41": "ipip", "47": "gre", "50": "esp", "51": "ah",
    "58": "icmpv6", "89": "ospf", "103": "pim", "115": "l2tp", "132": "sctp",
}
FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"]
DHCP_TYPES = ["", "Discover", "Offer", "Request", "Decline", "ACK", "NAK", "Release", "Inform"]
DNS_TYPES = {
    "1": "A", "2": "NS", "5": "CNAME", "6": "SOA", "12": "PTR", "13": "HINFO", "15": "MX", "16": "TXT", "28": "AAAA",
    "33": "SRV", "35": "NAPTR", "43": "DS", "46": "RRSIG", "48": "DNSKEY", "64": "SVCB", "65": "HTTPS", "255": "ANY",
}
DNS_CODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"]


class Row(dict):
    """A row of the client, by dotted path."""

    def at(self, path):
        value = self
        for name in path.split("."):
            if not isinstance(value, dict) or name not in value:
                return []
            value = value[name]
        return [str(one) for one in (value if isinstance(value, list) else [value])]


def first(values):
    return values[:1]


def time_of(row):
    return [row["@timestamp"]] if row.get("@timestamp") else []


def mac(row, side):
    return [value.replace("-", ":").lower() for value in row.at(side + ".mac")]


def ports(row, side):
    return row.at(side + ".port")


def tags(row):
    """Outermost first."""
    return row.at("network.vlan.id") + row.at("packetsentry.vlan.between") + row.at("network.inner.vlan.id")


def icmp(row, name, version):
    if row.at("packetsentry.protocol") != [version]:
        return []
    return row.at("packetsentry.icmp." + name) or row.at("icmp." + name)


def flags(row):
    there = row.at("packetsentry.tcp.flags")
    return [f"0x{sum(1 << bit for bit, name in enumerate(FLAGS) if name in there[0].split(',')):04x}"] if there else []


def addresses(row, colon):
    everywhere = row.at("dns.resolved_ip") + row.at("packetsentry.dns.additional_ip")
    return [value for value in everywhere if (":" in value) == colon]


def target(row):
    path, query = row.at("url.path"), row.at("url.query")
    return [path[0] + "?" + query[0]] if path and query else path


def dns_types(numbers):
    return [DNS_TYPES.get(number, "TYPE" + number) for number in numbers]


def dns_codes(numbers):
    return [DNS_CODES[int(number)] if int(number) < len(DNS_CODES) else "RCODE" + number for number in numbers]


def told_time(values):
    seconds, _, rest = values[0].partition(".") if values else ("", "", "")
    if not seconds:
        return []
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=int(seconds))
    return [f"{moment:%Y-%m-%dT%H:%M:%S}.{rest}Z"]


def same(values):
    return values


HANDSHAKES = {
    "Hello Request": "0", "Client Hello": "1", "Server Hello": "2", "New Session Ticket": "4", "Hello Retry Request": "6",
    "Certificate": "11", "Server Key Exchange": "12", "Certificate Request": "13", "Server Hello Done": "14",
    "Certificate Verify": "15", "Client Key Exchange": "16", "Certificate Status": "22",
}
RECORDS = {"Change Cipher Spec": "20", "Alert": "21", "Handshake": "22", "Application Data": "23"}


def handshake(row):
    """What the line names first, where that is a handshake message in the clear."""
    return [HANDSHAKES[word] for word in first(row.at("packetsentry.tls.message")) if word in HANDSHAKES]


def record(row):
    """A hello in a QUIC packet is in no record."""
    if row.at("packetsentry.quic.version"):
        return []
    return [RECORDS.get(word, "22") for word in first(row.at("packetsentry.tls.message"))]


# Which packets are not compared. QUOTED: an ICMP error that quotes a packet, whose values the truth tells and we do not.
# UNTOLD: where we have a value and the truth has none, as its column is of fewer protocols than our field. ENCRYPTED: as
# QUOTED, and QUIC, of which the truth also tells what it decrypts.
QUOTED, UNTOLD, ENCRYPTED = "quoted", "untold", "encrypted"


def is_left_out(why, truth, told):
    if why == UNTOLD:
        return not told
    if why == ENCRYPTED and truth["quic.version"]:
        return True
    return why in (QUOTED, ENCRYPTED) and truth["quoted"] == "1"


# Name of the truth's column; our values; the truth's values in our form; which packets are left out.
FIELDS = [
    ("frame.time_epoch", time_of, told_time, None),
    ("frame.len", lambda r: r.at("network.bytes"), same, None),
    ("frame.cap_len", lambda r: r.at("packetsentry.captured_bytes"), same, None),
    ("net", lambda r: r.at("network.type"), lambda v: [{"ip": "ipv4"}.get(x, x) for x in v], None),
    ("net_src", lambda r: r.at("source.ip"), same, None),
    ("net_dst", lambda r: r.at("destination.ip"), same, None),
    ("l4", lambda r: [TRANSPORTS[n] for n in r.at("network.iana_number") if n in TRANSPORTS], same, UNTOLD),
    ("sport", lambda r: ports(r, "source"), same, None),
    ("dport", lambda r: ports(r, "destination"), same, None),
    ("eth.src", lambda r: mac(r, "source"), first, UNTOLD),
    ("eth.dst", lambda r: mac(r, "destination"), first, UNTOLD),
    ("ip.proto", lambda r: r.at("network.iana_number"), first, UNTOLD),
    ("vlan.id", tags, same, None),
    ("mpls.label", lambda r: r.at("packetsentry.mpls.label"), same, None),
    ("icmp.type", lambda r: icmp(r, "type", "ICMP"), first, None),
    ("icmp.code", lambda r: icmp(r, "code", "ICMP"), first, None),
    ("icmpv6.type", lambda r: icmp(r, "type", "ICMPv6"), first, None),
    ("icmpv6.code", lambda r: icmp(r, "code", "ICMPv6"), first, None),
    ("tcp.flags", flags, lambda v: [f"0x{int(x, 16) & 0xFF:04x}" for x in v[:1]], QUOTED),
    ("dns.id", lambda r: [f"0x{int(x):04x}" for x in first(r.at("dns.id"))], first, QUOTED),
    ("dns.flags.response", lambda r: [{"query": "0", "answer": "1"}[x] for x in first(r.at("dns.type"))], first, QUOTED),
    ("dns.flags.rcode", lambda r: first(r.at("dns.response_code")), lambda v: dns_codes(v[:1]), QUOTED),
    ("dns.qry.name", lambda r: first(r.at("dns.question.name")), first, QUOTED),
    ("dns.qry.type", lambda r: first(r.at("dns.question.type")), lambda v: dns_types(v[:1]), QUOTED),
    ("dns.a", lambda r: addresses(r, False), same, QUOTED),
    ("dns.aaaa", lambda r: addresses(r, True), same, QUOTED),
    ("http.request.method", lambda r: r.at("http.request.method"), first, QUOTED),
    ("http.host", lambda r: r.at("url.domain"), lambda v: [x.split(":")[0] for x in v], QUOTED),
    ("http.request.uri", target, first, QUOTED),
    ("http.response.code", lambda r: r.at("http.response.status_code"), first, QUOTED),
    ("tls.record.content_type", record, first, QUOTED),
    ("tls.handshake.type", handshake, first, ENCRYPTED),
    ("tls.handshake.extensions_server_name", lambda r: r.at("tls.client.server_name"), first, QUOTED),
    ("quic.version", lambda r: [{"1": "0x00000001"}.get(x, x) for x in r.at("packetsentry.quic.version")], first, QUOTED),
    ("dhcp.option.dhcp", lambda r: [str(DHCP_TYPES.index(x)) for x in r.at("packetsentry.dhcp.message_type")], first,
     QUOTED),
    ("_ws.malformed", lambda r: ["yes"] if r.at("packetsentry.malformed") == ["True"] else [],
     lambda v: ["yes"] if v else [], None),
]


def values_of(cell):
    """The values of a cell that joins them with '|', in which a backslash takes away the meaning of what follows."""
    values, value, taken = [], "", False
    for character in cell:
        if taken or character not in "\\|":
            value, taken = value + character, False
        elif character == "\\":
            taken = True
        else:
            values.append(value)
            value = ""
    return values + [value] if cell else []


def table(path):
    with open(path, encoding="utf-8", errors="replace", newline="") as lines:
        kept = (line for line in lines if not line.startswith("#"))
        yield from csv.DictReader(kept, delimiter="\t", quoting=csv.QUOTE_NONE)


def rows_of(client, capture):
    said = subprocess.run([client, "--json", "-r", capture], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=False).stdout
    return [Row(json.loads(line)) for line in said.splitlines()]


class Agreement:
    def __init__(self, listed):
        self.listed = listed
        self.packets = 0
        self.absent = set()
        self.left_out = collections.Counter()
        self.compared = collections.Counter()
        self.agreed = collections.Counter()
        self.with_reason = collections.Counter()
        self.causes = collections.Counter()
        self.others = collections.defaultdict(list)

    def compare(self, name, packet, row, truth):
        self.packets += 1
        for field, ours, form, why in FIELDS:
            if field not in truth:
                self.absent.add(field)
                continue
            mine, told = ours(row), form(values_of(truth[field]))
            if not mine and not told:
                continue
            if is_left_out(why, truth, told):
                self.left_out[field] += 1
            else:
                self.count(field, (name, str(packet), field), mine, told, truth["_ws.col.Info"])

    def count(self, field, cell, mine, told, info):
        self.compared[field] += 1
        if mine == told:
            self.agreed[field] += 1
        elif cell in self.listed:
            self.with_reason[field] += 1
            self.causes[field, self.listed[cell]] += 1
        else:
            self.others[field].append(f"{cell[0]} packet {cell[1]}: ours {mine}, truth {told} ({info})")

    def print(self, examples):
        print(f"{self.packets} packets\n\n{'field':38} {'of all':>8} {'have it':>8} {'agree':>8} {'of these':>8}"
              f" {'listed':>7} {'others':>7} {'left out':>8}")
        for field, *_ in FIELDS:
            if self.compared[field]:
                print(f"{field:38} {self.percent_of_all(field):7.2f}% {self.compared[field]:8} {self.agreed[field]:8}"
                      f" {100 * self.agreed[field] / self.compared[field]:7.2f}% {self.with_reason[field]:7}"
                      f" {len(self.others.get(field, [])):7} {self.left_out[field]:8}")
        print("\nof all: a packet without the field agrees; of these: of the packets that have it, by us or by the truth")
        for field, *_ in FIELDS:
            if field in self.absent:
                print(f"not compared: the corpus has no column {field}")
            elif not self.compared[field]:
                print(f"not compared: no packet has {field}, but for {self.left_out[field]} that are left out")
        print("\ndifferences that are listed")
        for (field, reason), cells in sorted(self.causes.items()):
            print(f"{cells:5} {field}: {reason}")
        print("\ndifferences that are not")
        for field, lines in sorted(self.others.items()):
            print(f"{len(lines):5} {field}")
            for line in lines[:examples]:
                print(f"        {line}")

    def percent_of_all(self, field):
        return 100 * (self.packets - self.compared[field] + self.agreed[field]) / self.packets

    def enough(self):
        return all(100 * len(lines) <= (100 - LEAST) * self.packets for lines in self.others.values())


def main():
    corpus = sys.argv[1] if len(sys.argv) > 1 else ""
    client = sys.argv[2] if len(sys.argv) > 2 else os.path.join(HERE, "../../build/bin/packetsentryctl")
    if not os.path.exists(os.path.join(corpus, "SOURCES.tsv")):
        print(f"NOT COMPARED: there is no corpus in '{corpus}'")
        return 0
    listed = {(line["capture"], line["packet"], line["field"]): line["reason"]
              for line in table(os.path.join(HERE, "differences.tsv"))}
    agreement = Agreement(listed)
    for source in table(os.path.join(corpus, "SOURCES.tsv")):
        name = source["name"]
        truths = list(table(os.path.join(corpus, "truth", name + ".tsv")))
        rows = rows_of(client, os.path.join(corpus, "captures", name))
        if len(rows) != len(truths):
            agreement.others["(packets)"].append(f"{name}: ours {len(rows)}, truth {len(truths)}")
        for packet, (row, truth) in enumerate(zip(rows, truths), 1):
            agreement.compare(name, packet, row, truth)
    agreement.print(int(sys.argv[3]) if len(sys.argv) > 3 else 3)
    return 0 if agreement.enough() else 1


sys.exit(main())
