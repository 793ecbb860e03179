"""Why a flow of ours may differ from Zeek's: the kinds of differences, and the rules that tell them.

A rule looks at what is wrong with the packets between the two ends (packet_faults.h), at what the test asks of Zeek, and at the
two rows. None knows a capture by its name.
"""

KINDS = {
    "attempt split": "Zeek forgets an attempt 5 s after its SYN, so what follows is another flow there; here it stays one",
    "name service split": "Zeek forgets a DNS flow 10 s after its last packet; here all datagrams have a minute",
    "told by the test": "the test has Zeek leave packets out (a filter, skipped analysis)",
    "checksum": "Zeek leaves packets with wrong checksums out; here they count, as those of a host's own card have none",
    "fragments": "Zeek counts a datagram when it has put its fragments together; here each fragment is a packet",
    "cut": "Zeek leaves out packets of which not all was captured; here the headers tell",
    "length of 0": "Zeek believes a length of 0 that the sender's card was to fill in; here the frame tells it",
    "other payload": "Zeek counts no payload of protocols other than TCP, UDP and ICMP",
    "SCTP": "Zeek knows no ports of SCTP",
    "contradicting lengths": "Zeek believes the IP header, we a shorter header outside of it, as Wireshark does",
    "Zeek's own letter": "an X in the history tells that Zeek's analysis has stopped",
    "turned by the application": "one of Zeek's analyzers has turned the flow after its packets were counted",
    "tunnel that is not read": "nothing here reads that tunnel, so what it carries has no flow",
    "application that is not read": "nothing here knows the application",
    "application not loaded": "the test runs Zeek without the analyzer of the application",
    "encrypted later": "TLS begins after commands of an application that nothing here reads",
    "application Zeek does not know": "Zeek has no analyzer of it",
    "tunnel that carries nothing": "Zeek names a tunnel by a packet that it carries; here a message of its control is enough",
    "one side alone": "Zeek names an application when both sides have spoken; here the first message that is valid is enough",
}

SAME_AS = {"tls": "ssl", "gtp": "gtpv1", "mdns": "dns", "llmnr": "dns"}
READ = {"dns", "http", "ssl", "ssh", "dhcp", "ntp", "quic", "gtpv1", "geneve", "vxlan", "teredo"}
OURS_ALONE = {"dhcpv6", "ssdp", "wireguard"}
NETBIOS_NAMES = "137"  # a port; Zeek calls it dns, too
COUNTS = {"duration", "orig_bytes", "resp_bytes", "conn_state", "missed_bytes", "history", "orig_pkts", "orig_ip_bytes",
          "resp_pkts", "resp_ip_bytes", "originator"}


def services(text):
    names = set() if text in ("-", "(empty)") else set(text.split(","))
    return {SAME_AS.get(name, name) for name in names if not name.startswith("-")}


def number(row, field):
    return 0 if row[field] == "-" else int(row[field])


def adds_up(rows, whole):
    """Tells whether some flows of theirs together are one of ours."""
    return all(sum(number(row, field) for row in rows) == number(whole, field)
               for field in ("orig_pkts", "orig_ip_bytes", "resp_pkts", "resp_ip_bytes"))


def kind_of_split(rows, whole):
    """Of flows of theirs between the ends of one flow of ours."""
    if not adds_up(rows, whole):
        return None
    if whole["proto"] == "tcp" and whole["resp_pkts"] == "0":
        return "attempt split"
    return "name service split" if whole["proto"] == "udp" and whole["service"] == "dns" else None


def kind_of_service(ours, theirs, test):
    mine, other = services(ours["service"]), services(theirs["service"])
    known = other & READ if theirs["id.resp_p"] != NETBIOS_NAMES else set()
    if mine - OURS_ALONE == known:
        return "application that is not read" if other else "application Zeek does not know"
    if mine > known and test.bare:
        return "application not loaded"
    if mine == {"gtpv1"} and not other:
        return "tunnel that carries nothing"
    if mine and not other and (number(theirs, "orig_bytes") == 0 or number(theirs, "resp_bytes") == 0):
        return "one side alone"
    return "encrypted later" if known - mine == {"ssl"} and other - READ else None


def without_note(history):
    return history.replace("X", "").replace("x", "") or "-"


def kind_of(field, ours, theirs, test):
    """The kind of one field's difference, or None."""
    faults = ours["faults"].split(",")
    other = ours["proto"] == "unknown_transport"
    if test.leaves_out and field in COUNTS:
        return "told by the test"
    if "checksum" in faults and not test.no_checksums and field in COUNTS:
        return "checksum"
    if "fragment" in faults and field in COUNTS - {"originator", "conn_state"}:
        return "fragments"
    if "cut" in faults and field in COUNTS:
        return "cut"
    if "zero_length" in faults and (field.endswith("_ip_bytes") or other) and number(ours, field) > number(theirs, field):
        return "length of 0"
    if other and field in ("orig_bytes", "resp_bytes") and theirs[field] == "0":
        return "other payload"
    if field == "history" and ours[field] == without_note(theirs[field]):
        return "Zeek's own letter"
    if "malformed" in faults and field == "history" and sorted(ours[field]) == sorted(theirs[field]):
        return "contradicting lengths"
    if "^" in theirs["history"][1:] and field in COUNTS:
        return "turned by the application"
    if field == "service" and "checksum" in faults and theirs["orig_pkts"] == theirs["resp_pkts"] == "0":
        return "checksum"
    if field == "service":
        return kind_of_service(ours, theirs, test)
    return None


def kind_of_absence(carriers, flows):
    """Of a flow of theirs that we have not. carriers: hosts of the tunnels that carry it. flows: ours."""
    for row in flows:
        if {row["id.orig_h"], row["id.resp_h"]} in carriers and "unread" in row["faults"].split(","):
            return "tunnel that is not read"
    return None
