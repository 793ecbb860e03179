# Sourced by the tests of the 7xx after test.sh: the client in somebody else's surroundings.
# shellcheck shell=bash

# What makes them: OUTSIDE as root before the user is taken on, INSIDE as the user. Both run the rest of their words.
OUTSIDE=()
INSIDE=()

# As ctl() of programs.sh, in these surroundings.
ctl_there() { # ARGUMENTS…
    as_user "${CTL_AS:-member}"
    STATUS=0
    (cd "$WORK" && exec timeout --foreground 30 "${OUTSIDE[@]}" "${AS[@]}" "${INSIDE[@]}" packetsentryctl "$@") \
        >"$OUT/ctl.out" 2>"$OUT/ctl.err" </dev/null || STATUS=$?
}

# A file that is read, and what its reading gives where nothing is odd.
prepare_reading() {
    write_capture "$WORK/some.pcap" 300
    ctl --json -r some.pcap
    expect_status 0
    expect_equal "rows" 300 "$(wc -l <"$OUT/ctl.out")"
    mv "$OUT/ctl.out" "$OUT/usual.out"
    mv "$OUT/ctl.err" "$OUT/usual.err"
}

# Reads it as a member and as root, which a worker leaves in other ways: the same rows, and the
# same last line.
expect_reads() { # SURROUNDINGS
    local user
    for user in member root; do
        CTL_AS=$user ctl_there --json -r "$WORK/some.pcap"
        expect_equal "exit status of $user: $1 ($(head -n 1 "$OUT/ctl.err"))" 0 "$STATUS"
        cmp -s "$OUT/usual.out" "$OUT/ctl.out" || fail "other rows for $user: $1"
        expect_equal "standard error of $user: $1" "$(<"$OUT/usual.err")" "$(<"$OUT/ctl.err")"
    done
}

# A client that reads the file from a pipe and waits, because the file's beginning alone has come: so its worker can be
# looked at. Sets CLIENT and WORKER, their process ids, and PIPE, a descriptor that takes the rest of the file.
start_reading_of_a_pipe() {
    mkfifo -m 644 "$WORK/pipe"
    as_user member
    (cd "$WORK" && exec "${OUTSIDE[@]}" "${AS[@]}" "${INSIDE[@]}" packetsentryctl --json -r - <pipe) \
        >"$OUT/pipe.out" 2>"$OUT/pipe.err" &
    CLIENT=$!
    exec {PIPE}>"$WORK/pipe"
    head -c 4096 "$WORK/some.pcap" >&"$PIPE"
    wait_until 10 "the worker" worker_waits
}
worker_waits() {
    WORKER=$(pgrep -P "$CLIENT" packetsentry-wo) && [[ $(status_field "$WORKER" Seccomp) == 2 ]]
}

# Does what a shell says, then becomes the rest of the words.
shell_then() { # SHELL: sets SHELL_WORDS
    SHELL_WORDS=(sh -c "$1"'; exec "$@"' sh)
}
outside() { shell_then "$1"; OUTSIDE=("${SHELL_WORDS[@]}"); }
inside() { shell_then "$1"; INSIDE=("${SHELL_WORDS[@]}"); }

# In a mount namespace of its own, whose changes nobody else sees.
in_mounts() { # SHELL
    shell_then "$1"
    OUTSIDE=(unshare --mount --propagation private "${SHELL_WORDS[@]}")
}
as_usual() {
    OUTSIDE=()
    INSIDE=()
}
