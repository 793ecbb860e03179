#!/usr/bin/env python3
"""Whether a display filter selects the same packets here as in tshark.

    tests/conformance/filters.py [--each] [--list] [CORPUS [CLIENT]]

Asks each expression of filters.txt of tshark and of the client (build/bin/packetsentryctl), over all captures of CORPUS,
which README.md beside this file describes, or over those of tests/golden where none is given. The captures are appended
to one file first, and ask_filters, which stands beside the client, asks all expressions of it at once. Without
tshark nothing is compared, and that is said; nor with tests/golden and another version than that of the table.

tshark judges each packet by itself, as the client does: without reassembly, and without names. It is asked all
expressions in one run, by a script in Lua that listens with each of them. --each asks both of them one by one with -Y
instead, which takes a minute or two and must say the same; a tshark without Lua is asked so too.

Packets that only one of them selects have to be in filter_differences.tsv, with the reason, in exactly the number that is
listed there. Status 1 where a packet differs without a reason, where a listed difference does not occur any more, or
where one of the two refuses an expression. --list prints the lines that the table lacks, with the packets in place of
the reason.
"""
import argparse
import collections
import concurrent.futures
import csv
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "../golden")
VERSION = "4.0"  # of tshark, with which the listed differences were found
EXAMPLES = 5  # packets that are named for each difference
REFUSED = "refused"  # in place of a number of packets: the client does not understand the expression

# What makes tshark hold packets back until others have come, or leave out those that it has seen before.
TOGETHER = re.compile(r"defragment|desegment|reassembl")
EVEN_AGAIN = "tcp.no_subdissector_on_error: FALSE\n"

LISTENERS = """
local place = 0
for expression in io.lines(os.getenv("FILTERS")) do
    place = place + 1
    local number = place
    local known, listener = pcall(Listener.new, "frame", expression)
    if known then
        print(number, 0)
        function listener.packet(packet) print(number, packet.number) end
    end
end
"""


def lines_of(path):
    with open(path, encoding="utf-8") as lines:
        return [line.rstrip("\n") for line in lines if line.strip() and not line.startswith("#")]


class Captures:
    """The captures one behind the other in one file, and which packet of which of them a number means."""

    def __init__(self, paths, folder):
        self.path = os.path.join(folder, "all.pcapng")
        self.spans = []  # name, and how many packets there are up to its end
        # A capture that is damaged at its end gives the packets up to there, and status 1.
        subprocess.run(["mergecap", "-a", "-w", self.path, *paths], stderr=subprocess.DEVNULL, check=False)
        self.total = 0
        for path, count in self.counts(paths):
            self.total += count
            self.spans.append((os.path.basename(path), self.total))
        if [count for _, count in self.counts([self.path])] != [self.total]:
            sys.exit(f"filters.py: mergecap has not appended all {self.total} packets of the captures; can it read them all?")

    @staticmethod
    def counts(paths):
        said = subprocess.run(["capinfos", "-TrmcM", *paths], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True, check=False).stdout
        return [(path, int(count)) for path, count in csv.reader(said.splitlines())]

    def name(self, number):
        begin = 0
        for name, end in self.spans:
            if number <= end:
                return f"{name} {number - begin}"
            begin = end
        return f"beyond the end {number - begin}"


class Tshark:
    """None in place of a set of numbers: the expression is refused."""

    def __init__(self, captures, folder):
        self.captures = captures
        self.folder = folder
        self.environment = dict(os.environ, TZ="UTC", LC_ALL="C.UTF-8", WIRESHARK_CONFIG_DIR=folder)
        defaults = self.run(["-G", "defaultprefs"])
        with open(os.path.join(folder, "preferences"), "w", encoding="utf-8") as preferences:
            for line in defaults.splitlines():
                if TOGETHER.search(line) and line.endswith(": TRUE"):
                    preferences.write(line.lstrip("#").replace(": TRUE", ": FALSE\n"))
            preferences.write(EVEN_AGAIN)

    def run(self, arguments, **more):
        done = subprocess.run(["tshark", *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              check=False, env=dict(self.environment, **more))
        return done.stdout

    def ask_at_once(self, expressions):
        script, questions = os.path.join(self.folder, "listeners.lua"), os.path.join(self.folder, "filters")
        with open(script, "w", encoding="utf-8") as lua:
            lua.write(LISTENERS)
        with open(questions, "w", encoding="utf-8") as lines:
            lines.write("".join(one + "\n" for one in expressions))
        answers = [None] * len(expressions)
        for line in self.run(["-n", "-q", "-X", "lua_script:" + script, "-r", self.captures.path],
                             FILTERS=questions).splitlines():
            place, number = (int(word) for word in line.split())
            if number == 0:
                answers[place - 1] = set()
            else:
                answers[place - 1].add(number)
        return answers

    def ask_each(self, expression):
        said = self.run(["-n", "-r", self.captures.path, "-T", "fields", "-e", "frame.number", "-Y", expression])
        return {int(line) for line in said.splitlines()}

    def ask(self, expressions, each):
        if not each:
            answers = self.ask_at_once(expressions)
            if any(answer is not None for answer in answers):
                return answers
        return in_parallel(self.ask_each, expressions)


class Client:
    """None in place of a set of numbers: the expression is refused, and refusals has why."""

    def __init__(self, program, captures):
        self.at_once = [os.path.join(os.path.dirname(program), "ask_filters"), captures.path]
        self.command = [program, "read", captures.path, "--no-files", "-T", "fields", "-e", "frame.number", "-Y"]
        self.refusals = {}

    def ask_one(self, expression):
        done = subprocess.run([*self.command, expression], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              check=False, env=dict(os.environ, TZ="UTC", LC_ALL="C.UTF-8"))
        if done.returncode != 0:
            self.refusals[expression] = (done.stderr.strip() or f"status {done.returncode}").splitlines()[0]
            return None
        return {int(line) for line in done.stdout.splitlines()}

    def ask_at_once(self, expressions):
        done = subprocess.run(self.at_once, stdout=subprocess.PIPE, text=True, check=True,
                              input="".join(one + "\n" for one in expressions),
                              env=dict(os.environ, TZ="UTC", LC_ALL="C.UTF-8"))
        answers = [None] * len(expressions)
        for line in done.stdout.splitlines():
            place, number, *why = line.split(" ", 2)
            if number == "-":
                self.refusals[expressions[int(place) - 1]] = why[0]
            elif number == "0":
                answers[int(place) - 1] = set()
            else:
                answers[int(place) - 1].add(int(number))
        return answers

    def ask(self, expressions, each):
        return in_parallel(self.ask_one, expressions) if each else self.ask_at_once(expressions)


def in_parallel(ask, expressions):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        return list(threads.map(ask, expressions))


class Comparison:
    def __init__(self, captures, listed):
        self.captures = captures
        self.listed = listed  # expression → its lines
        self.same = self.selected = 0
        self.reasons = collections.Counter()
        self.complaints = []
        self.missing = []

    def compare(self, expression, ours, theirs, refusal):
        lines = self.listed.pop(expression, [])
        if theirs is None:
            self.complaints.append(f"{expression}\n    refused by tshark")
        elif ours is None:
            self.compare_refusal(expression, lines, refusal)
        else:
            self.compare_packets(expression, lines, ours, theirs)

    def compare_refusal(self, expression, lines, refusal):
        if lines and all(line["packets"] == REFUSED for line in lines):
            self.reasons[lines[0]["reason"]] += self.captures.total
        else:
            self.complaints.append(f"{expression}\n    refused here: {refusal}")

    def compare_packets(self, expression, lines, ours, theirs):
        counts = [self.captures.total if line["packets"] == REFUSED else int(line["packets"]) for line in lines]
        expected = sum(counts)
        differing = sorted(ours ^ theirs)
        self.selected += bool(ours | theirs)
        self.same += not differing
        for line, count in zip(lines, counts):
            self.reasons[line["reason"]] += count
        if len(differing) == expected:
            return
        self.complaints.append(f"{expression}\n    ours {len(ours)}, tshark {len(theirs)}, different {len(differing)}, "
                               f"listed {expected}" + self.examples(ours - theirs, "only ours")
                               + self.examples(theirs - ours, "only tshark"))
        self.missing.append((expression, len(differing), " ".join(
            ("+" if number in ours else "-") + self.captures.name(number).replace(" ", "#") for number in differing)))

    def examples(self, numbers, title):
        if not numbers:
            return ""
        named = [self.captures.name(number) for number in sorted(numbers)]
        return f"\n    {title}: " + ", ".join(named[:EXAMPLES]) + (", …" if len(named) > EXAMPLES else "")


def why_not(corpus):
    """Why nothing can be compared; empty: it can."""
    if shutil.which("tshark") is None or shutil.which("mergecap") is None:
        return "tshark and mergecap are not installed"
    if corpus:
        return "" if os.path.exists(os.path.join(corpus, "SOURCES.tsv")) else f"there is no corpus in '{corpus}'"
    said = subprocess.run(["tshark", "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=False).stdout
    return "" if f" {VERSION}." in said.split("\n")[0] else f"the differences are listed for tshark {VERSION}"


def options():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("corpus", nargs="?", default="")
    parser.add_argument("client", nargs="?", default=os.path.join(HERE, "../../build/bin/packetsentryctl"))
    return parser.parse_args()


def captures_of(corpus):
    if not corpus:
        return sorted(path for path in glob.glob(os.path.join(GOLDEN, "*.pcap*")))
    with open(os.path.join(corpus, "SOURCES.tsv"), encoding="utf-8", newline="") as lines:
        return [os.path.join(corpus, "captures", line["name"]) for line in csv.DictReader(lines, delimiter="\t")]


def listed_for(captures):
    listed = collections.defaultdict(list)
    with open(os.path.join(HERE, "filter_differences.tsv"), encoding="utf-8", newline="") as lines:
        kept = (line for line in lines if not line.startswith("#"))
        for line in csv.DictReader(kept, delimiter="\t", quoting=csv.QUOTE_NONE):
            if line["captures"] == captures:
                listed[line["filter"]].append(line)
    return listed


def main():
    chosen = options()
    if reason := why_not(chosen.corpus):
        print("NOT COMPARED: " + reason)
        return 0
    which = "corpus" if chosen.corpus else "golden"
    expressions = lines_of(os.path.join(HERE, "filters.txt"))
    with tempfile.TemporaryDirectory(prefix="packetsentry-filters.") as folder:
        captures = Captures(captures_of(chosen.corpus), folder)
        client = Client(chosen.client, captures)
        comparison = Comparison(captures, listed_for(which))
        theirs = Tshark(captures, folder).ask(expressions, chosen.each)
        for expression, mine, told in zip(expressions, client.ask(expressions, chosen.each), theirs):
            comparison.compare(expression, mine, told, client.refusals.get(expression))
    return report(which, captures, expressions, comparison, chosen.list)


def report(which, captures, expressions, comparison, listing):
    print(f"{len(expressions)} filters over {captures.total} packets of {len(captures.spans)} captures: "
          f"{comparison.same} select the same packets, {comparison.selected} select any")
    for reason, packets in sorted(comparison.reasons.items()):
        print(f"{packets:5} packets listed: {reason}")
    for complaint in comparison.complaints:
        print("DIFFERENT:", complaint)
    for expression in comparison.listed:
        print("LISTED, AND NO FILTER:", expression)
    if listing:
        for expression, packets, where in comparison.missing:
            print("\t".join([expression, which, str(packets), where]))
    return 1 if comparison.complaints or comparison.listed else 0


sys.exit(main())
