#!/usr/bin/env bash
# Runs clang-tidy with the checks of .clang-tidy: tests/style/tidy.sh ROOT BUILD [FOLDER…]
#
# BUILD has compile_commands.json. FOLDERs of ROOT restrict it to the sources below them, for the whole of it takes
# minutes. Sources that are compiled together (PACKETSENTRY_UNITY) are also checked together. clang-tidy 14, which
# Debian 12 installs by default, cannot read C++23: version 19 is needed, and without it nothing is checked and the
# status is 77.
set -euo pipefail

root=$1 build=$2
shift 2
tidy=clang-tidy-19
if ! command -v "$tidy" >/dev/null; then
    echo "SKIPPED: $tidy is not installed; packaging/dependencies.sh fuzz installs it"
    exit 77
fi

# clang-tidy cannot use what GCC precompiled, and would parse all those headers for each file: this database has the
# commands without them.
database=$(mktemp -d "${TMPDIR:-/tmp}/packetsentry-tidy.XXXXXX")
trap 'rm -rf "$database"' EXIT

# The compiled files of our own programs, one a line: not those of tests, nor those that protoc wrote. Fills the database.
sources() { # FOLDERS…
    python3 - "$root" "$build" "$database" "$@" <<'PYTHON'
import json
import os
import re
import sys

root, build, database, folders = *map(os.path.realpath, sys.argv[1:4]), sys.argv[4:]
entries = json.load(open(os.path.join(build, "compile_commands.json")))
for entry in entries:
    entry["command"] = re.sub(r" -include \S+/cmake_pch\.hxx", "", entry["command"])
with open(os.path.join(database, "compile_commands.json"), "w") as file:
    json.dump(entries, file)
for entry in entries:
    path = os.path.realpath(os.path.join(entry["directory"], entry["file"]))
    # A file that includes several sources lies in the build directory, at the place of their folder.
    place = os.path.relpath(path, build if path.startswith(build + os.sep) else root)
    if place.startswith(("tests" + os.sep, "generated" + os.sep)):
        continue
    if not folders or any(place.startswith(folder + os.sep) for folder in folders):
        print(path)
PYTHON
}

# The compiler's own warnings are those of the build, which has another compiler: here they are not errors.
sources "$@" | xargs -r -n 1 -P "$(nproc)" "$tidy" -p "$database" --quiet --extra-arg=-Wno-unknown-warning-option \
    --extra-arg=-Wno-error 2>/dev/null
