#!/usr/bin/env bash
# Reads each golden capture and compares what is printed with what is expected: tests/golden/run.sh CLIENT [--update]
# CLIENT is packetsentryctl, with its worker beside it. Prints the differences, the names of the captures that have
# some, and "N captures, N differ"; status 1 if any differs. --update writes what is printed as what is expected.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() { echo "usage: run.sh CLIENT [--update]" >&2; exit 2; }

# In the directory of the captures, so that no path is printed, and in a fixed time zone and locale.
client() { # ARGUMENTS…
    (cd "$here" && env TZ=UTC LANG=C.UTF-8 LC_ALL=C.UTF-8 "$client" "$@")
}

# Both streams one after the other, and the status where it is not 0. The time at which the reading began is the only
# thing in it that does not come from the capture.
print_text() { # CAPTURE
    local status=0
    client -r "$1" --no-files 2>"$printed/errors" || status=$?
    cat "$printed/errors"
    ((status == 0)) || echo "exit status $status"
}
without_todays_time() { sed -E '1s/^[0-9-]{10} [0-9:]{8} - Reading /YYYY-mm-dd HH:MM:SS - Reading /'; }

print_json() { # CAPTURE
    client --json -r "$1" 2>/dev/null || true
}

print_all() { # CAPTURE NAME
    print_text "$1" | without_todays_time >"$printed/$2.txt"
    print_json "$1" >"$printed/$2.jsonl"
}

same_as_expected() { # NAME
    local ending same=0
    for ending in txt jsonl; do
        diff -u -N --label "expected/$1.$ending" --label "printed/$1.$ending" "$here/$1.$ending" "$printed/$1.$ending" ||
            same=1
    done
    return "$same"
}

main() {
    (($# == 1)) || [[ $# == 2 && $2 == --update ]] || usage
    client=$(realpath "$1")
    printed=$(mktemp -d)
    trap 'rm -rf "$printed"' EXIT
    local capture name captures=("$here"/*.pcap*) differ=()
    for capture in "${captures[@]}"; do
        name=$(basename "$capture")
        name=${name%%.*}
        print_all "${capture##*/}" "$name"
        if (($# == 2)); then
            install -m 644 "$printed/$name".{txt,jsonl} "$here"
        elif ! same_as_expected "$name"; then
            differ+=("$name")
        fi
    done
    ((${#differ[@]} == 0)) || printf 'differs: %s\n' "${differ[@]}"
    echo "${#captures[@]} captures, ${#differ[@]} differ"
    ((${#differ[@]} == 0))
}

main "$@"
