# Assertions of the system tests. One that does not hold says so and ends the test.
# shellcheck shell=bash

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    exit 1
}

# What this machine lacks for the test; run.sh counts and tells it.
skip() {
    printf 'SKIPPED: %s\n' "$*" >&2
    exit 77
}

expect_equal() { # WHAT EXPECTED ACTUAL
    [[ $2 == "$3" ]] || fail "$1: expected '$2', got '$3'"
}

expect_at_least() { # WHAT LEAST ACTUAL
    (($3 >= $2)) || fail "$1: expected at least $2, got '$3'"
}

# Exit status of the client that ran or was waited for last.
expect_status() {
    [[ $STATUS == "$1" ]] || fail "exit status $STATUS, expected $1"
}

# The daemon writes its log by a thread of its own, so that a line comes a moment after what it tells.
wait_for_log() { # AT_LEAST FILE EXTENDED_REGEX
    local deadline
    [[ ${2##*/} == daemon.log ]] || return 0
    tell_time
    deadline=$((NOW + 3000000))
    until has_lines "$@" || ((NOW >= deadline)); do
        pause 0.05
        tell_time
    done
}

expect_line() { # FILE EXTENDED_REGEX
    wait_for_log 1 "$1" "$2"
    grep -aqE -- "$2" "$1" || fail "no line of ${1##*/} matches: $2"
}

expect_no_line() { # FILE EXTENDED_REGEX
    ! grep -aqE -- "$2" "$1" || fail "a line of ${1##*/} matches: $2: $(grep -aE -m1 -- "$2" "$1")"
}

count_lines() { # FILE EXTENDED_REGEX
    grep -acE -- "$2" "$1" || true
}

expect_count() { # COUNT FILE EXTENDED_REGEX
    wait_for_log "$1" "$2" "$3"
    expect_equal "lines of ${2##*/} with $3" "$1" "$(count_lines "$2" "$3")"
}

has_lines() { # AT_LEAST FILE EXTENDED_REGEX
    (($(count_lines "$2" "$3") >= $1))
}

# Starts no process, because some tests ask this hundreds of times. A null byte is no part of a line.
is_one_line() { # FILE EXTENDED_REGEX
    local text=
    ! IFS= read -r -d '' text <"$1" || return 1
    [[ $text == *$'\n' && ${text%$'\n'} != *$'\n'* && ${text%$'\n'} =~ $2 ]]
}

# An error is one line on standard error, with nothing else beside it.
expect_one_error() { # FILE EXTENDED_REGEX
    ! is_one_line "$@" || return 0
    expect_equal "lines on standard error ($(head -c 600 "$1"))" 1 "$(wc -l <"$1")"
    expect_line "$1" "$2"
}

# No control character but the end of line, and no byte that opens an escape sequence.
expect_plain_text() { # FILE
    local bad
    bad=$(LC_ALL=C tr -d '\n\t\40-\176\200-\377' <"$1" | wc -c)
    expect_equal "control bytes in ${1##*/}" 0 "$bad"
}

status_field() { # PID FIELD
    awk -v name="$2:" '$1 == name { print $2 }' "/proc/$1/status"
}

# None in any set, none to be had by exec. What bounds them keeps CAP_NET_RAW: whoever started the process has
# not the right to drop that.
expect_no_capabilities() { # PID
    local set
    for set in CapInh CapPrm CapEff CapAmb; do
        expect_equal "$set of process $1" 0000000000000000 "$(status_field "$1" "$set")"
    done
    set=$(status_field "$1" CapBnd)
    (((16#$set & ~0x2000) == 0)) || fail "CapBnd of process $1: more than CAP_NET_RAW: $set"
    expect_equal "NoNewPrivs of process $1" 1 "$(status_field "$1" NoNewPrivs)"
}

# Sets NOW, in microseconds: $SECONDS is a second too coarse to wait by, and a locale may have a decimal comma.
tell_time() {
    NOW=${EPOCHREALTIME//[!0-9]/}
}

# Starts no process, because the tests wait more often than they do anything else. Nobody writes into this pipe.
pause() { # SECONDS
    [[ -p $TEMP/pause ]] || mkfifo "$TEMP/pause" 2>/dev/null || true
    read -rt "$1" <>"$TEMP/pause" || true
}

# Looks twenty times a second at first, and less often the longer it lasts: what it looks with takes time from the
# tests beside this one.
wait_until() { # SECONDS WHAT COMMAND…
    local begin deadline wait what=$2
    tell_time
    begin=$NOW
    deadline=$((begin + $1 * 1000000))
    shift 2
    until "$@" >/dev/null 2>>"$OUT/waiting.err"; do
        tell_time
        ((NOW < deadline)) || fail "waited in vain for $what"
        wait=$(((NOW - begin) / 10))
        wait=$((wait < 50000 ? 50000 : wait > 300000 ? 300000 : wait))
        printf -v wait 0.%06d "$wait"
        pause "$wait"
    done
}
