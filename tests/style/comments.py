#!/usr/bin/env python3
"""comments.py [ROOT]: comments that a reader has to guess at, in the folders that are done.

A comment is a whole sentence: it does not begin with "Of " or "The same ", which have no verb, and it calls a user
"they". FOLDERS names the folders that keep to this; a folder joins them when its comments have been rewritten. Prints
a line for each comment that does not; status 1 if any.
"""
import pathlib
import re
import sys

FOLDERS = """
daemon proto ctl
""".split()

COMMENT = re.compile(r"^\s*//\s*(.*)$|(?:;|\{|,|\))\s+//\s*(.*)$")
BEGINS = re.compile(r"^(Of |The same\b|One that |What of |So (is|has|are) )")
PERSON = re.compile(r"\b(he|his|him|she|her)\b", re.I)


def comments(text):
    """Line number, text, and whether the line before it is part of the same comment."""
    before = False
    for number, line in enumerate(text.splitlines(), 1):
        match = COMMENT.search(line)
        if match:
            yield number, match.group(1) if match.group(1) is not None else match.group(2), before
        before = bool(match and match.group(1) is not None)


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])
    found = 0
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix not in (".h", ".cpp", ".proto"):
                continue
            for number, comment, continued in comments(file.read_text(errors="replace")):
                if (not continued and BEGINS.search(comment)) or PERSON.search(comment):
                    print(f"{file.relative_to(root)}:{number}: {comment}")
                    found += 1
    print(f"{len(FOLDERS)} folders, {found} comments that a reader has to guess at")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
