#!/usr/bin/env bash
# Descriptors that no request wants, too many of them, in parts, in circles: closed, refused and counted.
# Runs alone: it takes all that a user may have of the machine.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

# Whom the rate does not slow down sends more.
printf '[clients]\nrequests_per_second = 1000000\n' >"$TEMP/quick.toml"
start_daemon --config "$TEMP/quick.toml"
remember_daemon
attack unwanted 25000
expect_served "100,000 descriptors"
expect_back "100,000 descriptors"
attack bombs 400
expect_equal "refused" 400 "$(refusals descriptors)"
expect_back "100,000 more, 253 at a time"
attack spread 20
expect_equal "refused" 420 "$(refusals descriptors)"
expect_back "parts"
attack cycle 100
expect_back "circles"
attack forged 65534
expect_served "all of it"
