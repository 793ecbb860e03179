"""Why a row of ours in ssl.log may differ from Zeek's: the kinds of differences, and the rules that tell them.

A rule looks at what the test asks of Zeek, at the flow between the two ends, and at the two rows. None knows a capture by its
name.
"""

KINDS = {
    "DTLS": "nothing here reads DTLS, which is TLS in datagrams",
    "within FTP": "FTP has the handshake in the text of its lines, as Base64, and nothing here reads that",
    "end of QUIC": "Zeek never sees that a handshake of QUIC came to its end; here a packet with a short header tells it",
    "version without a name": "no specification has the version; Zeek makes up a name, and goes by the session ID as up to TLS 1.2",
    "damaged record": "Zeek gives the connection up at a record that is damaged; here those behind it show that it went on",
}

def kind_of(field, ours, theirs, test):
    """The kind of one field's difference, or None."""
    if ours["protocol"] == "quic":
        return "end of QUIC" if field == "established" and (ours[field], theirs[field]) == ("T", "F") else None
    if ours["version"] == "-" and theirs["version"].startswith("unknown-"):
        if field == "version" or (field == "resumed" and (ours[field], theirs[field]) == ("F", "T")):
            return "version without a name"
    if field == "established" and test.gives_up and (ours[field], theirs[field]) == ("T", "F"):
        return "damaged record"
    return None


def kind_of_absence(theirs, flow, services):
    """For a row of theirs that we have not. flow: ours between its ends, or None. services: those that Zeek sees in it."""
    if not flow or "tls" in flow["service"] or "quic" in flow["service"]:
        return None
    if flow["proto"] == "udp" and (theirs["version"].startswith("DTLS") or theirs["version"] == "-"):
        return "DTLS"
    if {"ftp", "gridftp"} <= services:
        return "within FTP"
    return None
