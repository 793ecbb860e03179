#!/usr/bin/env bash
# Handed a listening socket as systemd does, the daemon serves that one.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

answers() { ctl status; ((STATUS == 0)); }

export SOCKET_GID
(exec ip netns exec "$NS_A" python3 "$SUPPORT/listen_fds.py" "$SOCKET" \
    "$BIN/packetsentryd" --group "$SOCKET_GROUP" --state-dir "$TEMP/state") >"$TEMP/daemon.log" 2>&1 </dev/null &
DAEMON_PID=$!
wait_until 20 "the socket" test -S "$SOCKET"
inode=$(stat -c %i "$SOCKET")
wait_until 20 "the daemon" answers
expect_equal "inode of the socket" "$inode" "$(stat -c %i "$SOCKET")"

start_capture capture start -i eth0 -f icmp -c 2
ping_a 2
wait_for capture
expect_status 0
