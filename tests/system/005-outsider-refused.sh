#!/usr/bin/env bash
# A user outside the group is refused with exit status 5 and the command that mends it.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
for command in "start -i eth0" "list" "status"; do
    # shellcheck disable=SC2086
    CTL_AS=outsider ctl $command
    expect_status 5
    expect_one_error "$OUT/ctl.err" "usermod|adduser|gpasswd"
    expect_line "$OUT/ctl.err" "$SOCKET_GROUP"
done
ctl status
expect_status 0
