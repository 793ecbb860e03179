#!/usr/bin/env bash
# Without a daemon: exit status 6 and the command that starts it. Also with a socket nobody listens on.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

for command in "start -i eth0 -f dns" "list" "-D" "stop --all"; do
    # shellcheck disable=SC2086
    ctl $command
    expect_status 6
    expect_one_error "$OUT/ctl.err" "packetsentryd"
done
python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$SOCKET"
chmod 666 "$SOCKET"
ctl status
expect_status 6
expect_one_error "$OUT/ctl.err" "packetsentryd"
