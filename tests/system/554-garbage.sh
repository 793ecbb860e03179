#!/usr/bin/env bash
# Lengths and messages that are none: one reason, the end of the connection, a count.
# Runs alone: it takes all that a user may have of the machine.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

printf '[clients]\nrequests_per_second = 1000000\n' >"$TEMP/quick.toml"
start_daemon --config "$TEMP/quick.toml"
remember_daemon
attack garbage 50
expect_equal "messages" 400 "$(refusals message)"
expect_equal "greetings" 50 "$(refusals greeting)"
expect_equal "requests" 3 "$(refusals requests)"
expect_served "garbage"
expect_back "garbage"
