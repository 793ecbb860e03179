#!/usr/bin/env bash
# Runs the system tests: tests/system/run.sh [PATTERN…]     (numbers: "1" is all of 1xx; or part of a name)
# Needs root, for network namespaces. BIN: where the programs are (build/bin). LIMIT: seconds a test may
# take (90). Prints a line a test, and at the end "N passed, N failed, N skipped".
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source_bin=${BIN:-$here/../../build/bin}
limit=${LIMIT:-90}
passed=0 failed=0 skipped=0

# A copy that every user can reach, wherever the source tree lies.
copy_programs() {
    stage=$(mktemp -d "${TMPDIR:-/tmp}/packetsentry-system.XXXXXX")
    trap 'rm -rf "$stage"' EXIT
    chmod 755 "$stage"
    install -m 755 -d "$stage/bin"
    install -m 755 "$source_bin"/packetsentry{d,-worker*,ctl} "$stage/bin"
    # A system call that nobody thought of ends the worker, and with it the test.
    mv "$stage/bin/packetsentry-worker" "$stage/bin/packetsentry-worker-released"
    cp "$stage/bin/packetsentry-worker-strict" "$stage/bin/packetsentry-worker"
}

wanted() { # NAME PATTERNS…
    local name=$1 pattern
    shift
    (($#)) || return 0
    for pattern in "$@"; do
        [[ $name == "$pattern"* || ($pattern != [0-9]* && $name == *"$pattern"*) ]] && return 0
    done
    return 1
}

outcome() { # STATUS SECONDS
    if (($2 >= limit)); then echo "over its $limit s"; else echo "status $1"; fi
}

run_test() { # FILE
    local name log=$stage/log status=0 begin=$SECONDS
    name=$(basename "$1" .sh)
    BIN=$stage/bin timeout --kill-after=15 "$limit" bash "$1" >"$log" 2>&1 </dev/null || status=$?
    case $status in
        0) passed=$((passed + 1)); echo "ok $name ($((SECONDS - begin)) s)" ;;
        77) skipped=$((skipped + 1)); echo "skipped $name: $(sed -n 's/^SKIPPED: //p' "$log" | tail -n 1)" ;;
        *)
            failed=$((failed + 1))
            echo "not ok $name ($(outcome "$status" $((SECONDS - begin))))"
            tail -n 40 "$log" | sed 's/^/    /'
            ;;
    esac
}

# Once, and outside any test's time: the Debian trees of the tests on a real systemd.
prepare_trees() { # PATTERNS…
    local file any=0
    for file in "$here"/4??-*.sh; do
        if wanted "$(basename "$file" .sh)" "$@"; then any=1; fi
    done
    [[ -n ${DEB:-} && $any == 1 ]] || return 0
    TREES=${TREES:-${TMPDIR:-/var/tmp}/packetsentry-trees}
    export TREES
    "$here/../support/trees.sh" "$TREES" "$DEB" || echo "the trees of the tests numbered 4xx could not be made"
}

main() {
    local file
    ((EUID == 0)) || { echo "tests/system/run.sh needs root: sudo $0" >&2; exit 1; }
    copy_programs
    prepare_trees "$@"
    for file in "$here"/[0-9][0-9][0-9]-*.sh; do
        if wanted "$(basename "$file" .sh)" "$@"; then run_test "$file"; fi
    done
    echo "$passed passed, $failed failed, $skipped skipped"
    ((failed == 0 && passed + skipped > 0))
}

main "$@"
