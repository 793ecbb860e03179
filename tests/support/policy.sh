# A policy file of the test's own, and a daemon that heeds it.
# shellcheck shell=bash

POLICY=$TEMP/policy.toml

# From standard input. Users by number: those of the tests have no names.
write_policy() {
    cat >"$POLICY"
    chmod 644 "$POLICY"
}

start_daemon_with_policy() { # [OPTIONS…]
    printf 'policy = "%s"\n' "$POLICY" >"$TEMP/daemon.toml"
    start_daemon --config "$TEMP/daemon.toml" "$@"
}

# Until the daemon has said as often as before, and once more, what became of it.
reload() { # EXTENDED_REGEX
    local before
    before=$(count_lines "$TEMP/daemon.log" "$1")
    kill -HUP "$DAEMON_PID"
    wait_until 10 "the reload" has_lines $((before + 1)) "$TEMP/daemon.log" "$1"
}
