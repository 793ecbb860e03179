"""What the comparisons with Zeek's logs have in common: the logs that Zeek keeps as the expected results of its own tests,
what a test asks of Zeek, and the tally of what is equal.

Each row that differs needs kinds, which tell why; no rule knows a capture by its name.
"""
import collections
import pathlib
import re
import subprocess
import sys

LEAST = 99.0  # of 100 rows, those that are equal or explained
LEFT_OUT = re.compile(r"install_pcap_filter|skip_further_processing|ANALYZER_SKIP|base/protocols/ftp/gridftp")
ENDS = ["id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p"]
FLOW_FIELDS = ["ts", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", "service", "duration", "orig_bytes",
               "resp_bytes", "conn_state", "missed_bytes", "history", "orig_pkts", "orig_ip_bytes", "resp_pkts",
               "resp_ip_bytes", "community_id", "ip_proto", "parent", "faults"]  # as conn_log prints them


class Test:
    """What a test of Zeek asks of it."""

    def __init__(self, text):
        self.bare = re.search(r"@TEST-EXEC:.*zeek.*\s-\w*b\w*\s", text) is not None
        self.no_checksums = re.search(r"@TEST-EXEC:.*zeek.*\s-\w*C\w*\s|ignore_checksums", text) is not None
        self.keys = re.search(r"SSL::secret|keylog", text) is not None
        self.other_addresses = re.search(r"\$id\$orig_h = ", text) is not None
        self.other_analyzer = "spicyz" in text
        self.gives_up = re.search(r"@TEST-EXEC: test -f (analyzer|dpd)\.log", text) is not None
        self.leaves_out = LEFT_OUT.search(text) is not None


def all_tests(tests):
    """Yields name, the captures that it reads, and Test of each test."""
    for test in sorted(tests.rglob("*")):
        inside = test.relative_to(tests)
        if not test.is_file() or inside.parts[0].startswith("Baseline") or inside.parts[0] == "Traces":
            continue
        text = test.read_text(errors="replace") + "\n"
        captures = re.findall(r"@TEST-EXEC:.*?zeek.*?\s-\w*r\s+\"?\$\{?TRACES\}?/(\S+?)[\"\s]", text)
        yield str(inside.with_suffix("")).replace("/", "."), [tests / "Traces" / capture for capture in captures], Test(text)


def expected_logs(tests, log_name):
    """Yields name, capture, log and Test of each test that reads one capture."""
    seen = set()
    for name, captures, test in all_tests(tests):
        log = tests / "Baseline" / name / log_name
        if len(set(captures)) != 1 or not log.exists():
            continue
        capture = captures[0]
        if capture.exists() and capture not in seen:
            seen.add(capture)
            yield name, capture, log, test


def expected_logs_of_several(tests, log_names):
    """Yields name, captures, logs and Test of each test that reads several captures. log_names: a pattern, "*ssl*.log"."""
    for name, captures, test in all_tests(tests):
        logs = sorted((tests / "Baseline" / name).glob(log_names))
        captures = [capture for capture in dict.fromkeys(captures) if capture.exists()]
        if len(captures) > 1 and logs:
            yield name, captures, logs, test


def rows_of(text):
    names, rows = [], []
    for line in text.splitlines():
        if line.startswith("#fields"):
            names = line.split("\t")[1:]
        elif not line.startswith("#") and names:
            rows.append(dict(zip(names, line.split("\t"))))
    return [row for row in rows if "id.orig_h" in row]


def read_log(path):
    """No rows where there is no such log."""
    return rows_of(path.read_text(errors="replace")) if path.exists() else []


def ends(row):
    return tuple(row[field] for field in ENDS)


def both_ends(row):
    """Whoever of them began."""
    return frozenset([ends(row)[:2], ends(row)[2:]])


def tunnels_of(log):
    """The rows of the logs beside it, which tell the tunnels of a flow."""
    return read_log(log.with_name("conn.log")) + read_log(log.with_name("tunnel.log"))


def arguments(usage):
    """ZEEK [CLIENT [CONN_LOG]]. Returns the tests of Zeek, and the two programs."""
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(usage)
    programs = ["build/bin/packetsentryctl", "build/bin/conn_log"]
    return pathlib.Path(sys.argv[1]) / "testing/btest", *sys.argv[2:], *programs[len(sys.argv) - 2:]


def said(client, capture, table, *form):
    """What the client writes of a capture."""
    return subprocess.run([client, "-r", capture, "--table", table, *form], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True, text=True, errors="replace").stdout


def our_flows(program, capture):
    """program: build/bin/conn_log."""
    output = subprocess.run([program, capture], capture_output=True, text=True, check=True).stdout
    return [dict(zip(FLOW_FIELDS, line.split("\t"))) for line in output.splitlines()]


def faults_of(flows):
    """What is wrong with the packets between both ends."""
    return {both_ends(flow): flow["faults"].split(",") for flow in flows}


def carriers_of(row, tunnels):
    """The hosts of the tunnels that carry a flow of theirs."""
    parents = row.get("tunnel_parents", "-").split(",")
    return [{tunnel["id.orig_h"], tunnel["id.resp_h"]} for tunnel in tunnels if tunnel.get("uid") in parents]


class Tally:
    """kinds: each with its reason. what: "flows"."""

    def __init__(self, what, kinds):
        self.what = what
        self.reasons = kinds
        self.captures = 0
        self.fields = collections.defaultdict(collections.Counter)
        self.kinds = collections.Counter()
        self.rows = collections.Counter()

    def count(self, label, row, different, found_kinds=()):
        """different: field, ours, theirs, kind. found_kinds: those of the row as a whole."""
        reasons = {kind for *_, kind in different} | set(found_kinds)
        verdict = "equal" if not reasons else "unexplained" if None in reasons else "explained"
        self.rows[verdict] += 1
        self.kinds.update(reasons - {None})
        if verdict == "equal":
            return
        what = "; ".join(f"{field} {ours}, theirs {theirs}" for field, ours, theirs, _ in different) or "no row"
        print(f"{label}: {row['proto']} {row['id.orig_h']}:{row['id.orig_p']} {row['id.resp_h']}:{row['id.resp_p']}: {what}: "
              + ", ".join(sorted(kind or "UNEXPLAINED" for kind in reasons)))

    def differences(self, pairs, agrees, kind_of):
        """pairs: field, ours, theirs. Returns the different ones, each with its kind."""
        different = []
        for field, ours, theirs in pairs:
            if agrees(field, ours, theirs):
                self.fields[field]["equal"] += 1
                continue
            kind = kind_of(field)
            self.fields[field]["explained" if kind else "unexplained"] += 1
            different.append((field, ours, theirs, kind))
        return different

    def finish(self):
        """Prints the result. Returns the status of the program."""
        rows = sum(self.rows.values())
        known = self.rows["equal"] + self.rows["explained"]
        print(f"\n{self.captures} captures, {rows} {self.what}: {self.rows['equal']} are equal, {self.rows['explained']} differ "
              f"for a reason that is known, {self.rows['unexplained']} for none: {100 * known / max(1, rows):.2f} % equal or "
              f"explained\n")
        for kind, count in self.kinds.most_common():
            print(f"{count:4}  {kind}: {self.reasons[kind]}")
        print()
        for field, counts in self.fields.items():
            total = sum(counts.values())
            print(f"{field:14} {counts['equal']:4} of {total:4} equal  {100 * counts['equal'] / total:6.2f} %   explained too "
                  f"{100 * (total - counts['unexplained']) / total:6.2f} %")
        return int(100 * known < LEAST * rows)
