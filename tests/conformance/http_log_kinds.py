"""Why a row of ours in http.log may differ from Zeek's: the kinds of differences, and the rules that tell them.

A rule looks at what is wrong with the packets between the two ends (packet_faults.h), at what the test asks of Zeek, and at the
two rows. None knows a capture by its name.
"""

KINDS = {
    "length of the head": "a row has the length that the head gives, and Zeek counts the bytes of the body",
    "host without its port": "a row has the host alone, and Zeek what the header says",
    "host of CONNECT": "a row of CONNECT has the host of its target, and not that of the header",
    "head in several segments": "only what the first segment has of a head is read, and Zeek puts segments together",
    "fragments": "Zeek reads a message when it has put its fragments together; here it ends with the first fragment",
    "response without a head": "HTTP/0.9 has none, so Zeek makes one up; here the request has no response",
    "request that is not read": "the response is alone here: its request has a method or a form that nothing here reads",
    "head within a segment": "Zeek puts segments together; here only a head that begins a segment is seen",
    "out of step": "Zeek gives responses to requests by their order alone, and here the numbers of TCP count too",
    "text that is no head": "Zeek takes any line of a client for a request, once a connection is one of HTTP",
    "tunnel that is not read": "nothing here reads that tunnel, so what it carries has no rows",
    "encrypted": "the test gives Zeek the keys of TLS",
    "other analyzer": "the test has another program find what Zeek reads as HTTP",
    "other addresses": "the test has Zeek print other addresses than the packets have",
}

REQUEST_FIELDS = ("trans_depth", "method", "host", "uri", "referrer", "user_agent")
HEADER_FIELDS = ("host", "referrer", "user_agent", "uri")


def kind_of_host(ours, theirs):
    if theirs["method"] == "CONNECT":
        return "host of CONNECT"
    if ours["host"] != "-" and theirs["host"].startswith(ours["host"] + ":"):
        return "host without its port"
    return None


def kind_of(field, ours, theirs, test):
    """The kind of one field's difference, or None."""
    if theirs["version"] == "0.9" or theirs["status_code"] == "0":
        return "response without a head"
    if field.endswith("_body_len"):
        return "length of the head"
    if field in REQUEST_FIELDS and ours["outcome"] == "unasked":
        return "request that is not read"
    if field == "host" and (kind := kind_of_host(ours, theirs)):
        return kind
    if field in REQUEST_FIELDS and "-" in (theirs["method"], ours["method"]):
        return "out of step"
    if field in HEADER_FIELDS and ours[field] == "-":
        return "fragments" if "fragment" in ours["faults"] else "head in several segments"
    return None


def kind_of_absence(theirs, same_ends, carriers, flows, test):
    """Of a row of theirs that we have not. same_ends: rows of ours between its ends. carriers: hosts of the tunnels. flows:
    ours."""
    if test.keys:
        return "encrypted"
    if test.other_addresses:
        return "other addresses"
    for row in flows:
        if {row["id.orig_h"], row["id.resp_h"]} in carriers and "unread" in row["faults"].split(","):
            return "tunnel that is not read"
    if test.other_analyzer:
        return "other analyzer"
    if same_ends and (theirs["method"], theirs["status_code"]) == ("-", "-"):
        return "text that is no head"
    return "head within a segment" if same_ends else None


def kind_of_ours_alone(ours, test):
    if test.other_addresses:
        return "other addresses"
    return "out of step" if ours["outcome"] == "unasked" else None
