#!/usr/bin/env bash
# The worker of the tests dies of any system call that is not listed, and yet of none that honest code
# needs: memory that grows, a deep stack, an exception. A time zone and a locale look for files, which is not
# listed either: that no dissector may come to need them is what the tests with this worker are for.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

use_worker taken-over-strict
start_daemon
for name in unknown-call honest-time-zone honest-locale; do expect_attack killed "$name"; done
expect_attack killed open /etc/passwd
for name in allocations stack exception; do expect_attack succeeded "honest-$name"; done
