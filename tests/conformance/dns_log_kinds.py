"""Why a row of ours in dns.log may differ from Zeek's: the kinds of differences, and the rules that tell them.

A rule looks at what is wrong with the packets between the two ends (packet_faults.h), at what the test asks of Zeek, and at the
two rows. None knows a capture by its name.
"""
import re

KINDS = {
    "strings of a text": "a row has one text of all strings of a record, and does not tell where each ended",
    "record that is not read": "nothing here reads the data of RRSIG, NSEC and LOC, so only their names are there",
    "flags of the answer": "a row has the flags of its last message, and Zeek TC and Z of the question",
    "update": "Zeek tells an update by its records, we by its zone",
    "checksum": "Zeek leaves packets with wrong checksums out; here they count, as those of a host's own card have none",
    "fragments": "Zeek reads a message when it has put its fragments together; here it ends with the first fragment",
    "asked again": "Zeek has a row each time that a question is asked, and we one that tells how often it was",
    "name service": "Zeek calls the NetBIOS name service DNS, too",
    "tunnel that is not read": "nothing here reads that tunnel, so what it carries has no rows",
}

NETBIOS_NAMES = "137"  # a port
UNREAD = re.compile(r"(RRSIG|LOC:|NSEC [^ ,]*)[^,]*")
STRING = re.compile(r"( |\b)(?:TXT|SPF) \d+ ")


def without_lengths(answers):
    return STRING.sub("", answers)


def without_unread(answers):
    return UNREAD.sub(r"\1", answers)


def kind_of_answers(ours, theirs):
    mine, other = ours["answers"], theirs["answers"]
    if without_unread(mine) == without_unread(other):
        return "record that is not read"
    if without_lengths(mine) == without_lengths(other):
        return "strings of a text"
    return None


def kind_of(field, ours, theirs, test):
    """The kind of one field's difference, or None."""
    if "checksum" in ours["faults"] and not test.no_checksums and "-" in (theirs["qtype"], theirs["rcode"]):
        # That Zeek has not seen the question is no reason for other answers.
        return kind_of_answers(ours, theirs) if field == "answers" else "checksum"
    if theirs.get("opcode_name") == "dynamic-update":
        return "update"
    if field == "answers" and (kind := kind_of_answers(ours, theirs)):
        return kind
    if "fragment" in ours["faults"]:
        return "fragments"
    if field in ("TC", "Z") and ours["rcode"] != "-":
        return "flags of the answer"
    return None


def kind_of_absence(theirs, same_question, carriers, flows):
    """Of a row of theirs that we have not. same_question: rows of ours. carriers: hosts of the tunnels. flows: ours."""
    if theirs["id.resp_p"] == NETBIOS_NAMES:
        return "name service"
    if any(row["repeats"] for row in same_question):
        return "asked again"
    for row in flows:
        if {row["id.orig_h"], row["id.resp_h"]} in carriers and "unread" in row["faults"].split(","):
            return "tunnel that is not read"
    return None
