#!/usr/bin/env python3
"""includes.py [ROOT]: each folder includes only what its library links.

The compiler does not see to it, because every source has the whole tree on its include path. A folder's library is
what packetsentry_library() in its CMakeLists.txt names, and that also gives the folders it may include: those of the
libraries that it links, and what these link in turn. Prints a line for each include beyond that; status 1 if any.
"""
import pathlib
import re
import sys

LIBRARY = re.compile(r"(?:packetsentry_library\(|add_library\(packetsentry_)(\w+)\s(.*?)\)", re.S)
PROGRAM = re.compile(r"target_link_libraries\(\w+ (?:PRIVATE|PUBLIC) ([^)]*)\)")
LINKED = re.compile(r"\bpacketsentry_(\w+)")
INCLUDE = re.compile(r'^\s*#include "([^"]+)/[^/"]+"', re.M)


class House:
    """folders: folder -> names of its libraries; links: library -> names of those that it links itself."""

    def __init__(self, root):
        self.root = root
        self.folders, self.links = {}, {}
        for listing in sorted(root.glob("[cdpt]*/**/CMakeLists.txt")):
            self.read(listing)

    def read(self, listing):
        text = re.sub(r"#.*", "", listing.read_text())
        folder = listing.parent.relative_to(self.root)
        for name, rest in LIBRARY.findall(text):
            links = rest.partition("LINKS")[2].partition("PRECOMPILE")[0]
            self.folders.setdefault(folder, set()).add(name)
            self.links[name] = set(LINKED.findall(links))

    def closure(self, names):
        found, left = set(), set(names)
        while left:
            name = left.pop()
            if name not in found:
                found.add(name)
                left |= self.links.get(name, set())
        return found

    def owner(self, folder):
        """The nearest folder upwards that has a library, or None."""
        return next((f for f in [folder, *folder.parents] if f in self.folders), None)

    def sources(self):
        for folder in self.folders:
            for file in sorted((self.root / folder).rglob("*")):
                inside = file.relative_to(self.root)
                if file.suffix in (".h", ".cpp") and self.owner(inside.parent) == folder and file.name != "main.cpp":
                    yield folder, inside

    def strangers(self):
        for folder, file in self.sources():
            known = self.closure(self.folders[folder])
            for line, included in enumerate_includes(self.root / file):
                owner = self.owner(pathlib.Path(included))
                if owner is None or owner == folder:
                    continue
                if not self.folders[owner] & known:
                    yield f"{file}:{line}: includes {included}, which the library of {folder} does not link"


def enumerate_includes(file):
    text = file.read_text(errors="replace")
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match.group(1)


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]).resolve()
    house = House(root)
    found = list(house.strangers())
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(house.folders)} folders, {sum(1 for _ in house.sources())} sources, {len(found)} includes beyond the links")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
