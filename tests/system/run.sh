#!/usr/bin/env bash
# Runs the system tests: tests/system/run.sh [PATTERN…]     (numbers: "1" is all of 1xx; or part of a name)
# Needs root, for network namespaces. BIN: where the programs are (build/bin). LIMIT: seconds a test may
# take (90), unless it has a line "# Limit: N s". TOGETHER: how many run at a time (1) of those that measure nothing; one that has a line "# Runs alone: WHY"
# has the machine for itself. LONG=1: also those that have a line "# Long: WHY", which otherwise run only by their number
# or name. QUICK=1: none that runs alone or boots the package (4xx), unless by its number or name. Prints a line a test,
# and at the end "N passed, N failed, N skipped".
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source_bin=${BIN:-$here/../../build/bin}
limit=${LIMIT:-90}
together=${TOGETHER:-1}
running=0

# A copy that every user can reach, wherever the source tree lies.
copy_programs() {
    stage=$(mktemp -d "${TMPDIR:-/tmp}/packetsentry-system.XXXXXX")
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    chmod 755 "$stage"
    install -m 755 -d "$stage/bin"
    install -m 755 "$source_bin"/packetsentry{d,-worker*,ctl} "$source_bin"/{as_version_1,enter_host,forge_spool,shifted_clock.so} "$stage/bin"
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

outcome() { # STATUS SECONDS LIMIT
    if (($2 >= $3)); then echo "over its $3 s"; else echo "status $1"; fi
}

limit_of() { # FILE
    local own
    own=$(sed -n 's/^# Limit: \([0-9]*\) s$/\1/p' "$1")
    echo "$((${own:-0} > limit ? own : limit))"
}

run_test() { # FILE
    local name log status=0 begin=$SECONDS text word limit_here
    limit_here=$(limit_of "$1")
    name=$(basename "$1" .sh)
    log=$stage/$name.log
    BIN=$stage/bin timeout --kill-after=15 "$limit_here" bash "$1" >"$log" 2>&1 </dev/null || status=$?
    case $status in
        0) word=passed text="ok $name ($((SECONDS - begin)) s)" ;;
        77) word=skipped text="skipped $name: $(sed -n 's/^SKIPPED: //p' "$log" | tail -n 1)" ;;
        *)
            word=failed
            text="not ok $name ($(outcome "$status" $((SECONDS - begin)) "$limit_here"))"$'\n'$(tail -n 40 "$log" | sed 's/^/    /')
            ;;
    esac
    echo "$word" >>"$stage/outcomes"
    printf '%s\n' "$text"
}

# In the background, once there is room for it.
run_beside_others() { # FILE
    if ((running >= together)); then
        wait -n
        running=$((running - 1))
    fi
    run_test "$1" &
    running=$((running + 1))
}

runs_alone() { # FILE
    ((together == 1)) || grep -q '^# Runs alone: ' "$1"
}

# What still runs in the background was started here.
clean_up() {
    # shellcheck disable=SC2046
    kill $(jobs -p) 2>/dev/null || true
    wait
    rm -rf "$stage"
}

# The rarest cases take their time where somebody asks for them.
is_left_out() { # FILE PATTERNS…
    (($# == 1)) || return 1
    [[ -n ${LONG:-} ]] || ! grep -q '^# Long: ' "$1" || return 0
    [[ -n ${QUICK:-} ]] || return 1
    [[ $(basename "$1") == 4* ]] || grep -q '^# Runs alone: ' "$1"
}

count() { grep -cx "$1" "$stage/outcomes" || true; } # WORD

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
    local file wanted=() left=() failed
    ((EUID == 0)) || { echo "tests/system/run.sh needs root: sudo $0" >&2; exit 1; }
    copy_programs
    : >"$stage/outcomes"
    prepare_trees "$@"
    for file in "$here"/[0-9][0-9][0-9]-*.sh; do
        wanted "$(basename "$file" .sh)" "$@" || continue
        if is_left_out "$file" "$@"; then left+=("$(basename "$file" .sh)"); else wanted+=("$file"); fi
    done
    for file in "${wanted[@]}"; do
        if ! runs_alone "$file"; then run_beside_others "$file"; fi
    done
    wait
    for file in "${wanted[@]}"; do
        if runs_alone "$file"; then run_test "$file"; fi
    done
    ((${#left[@]} == 0)) || echo "left out, for another run: ${left[*]}"
    failed=$(count failed)
    echo "$(count passed) passed, $failed failed, $(count skipped) skipped"
    ((failed == 0 && ${#wanted[@]} > 0))
}

main "$@"
