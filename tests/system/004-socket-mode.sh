#!/usr/bin/env bash
# The control socket is made with mode 0660 and the named group, whatever the umask.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

umask 0
start_daemon
expect_equal "mode and group of the socket" "660 $SOCKET_GID" "$(stat -c '%a %g' "$SOCKET")"
[[ -S $SOCKET ]] || fail "no socket at $SOCKET"
