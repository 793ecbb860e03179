#!/usr/bin/env bash
# Descriptors whose close() takes ten minutes hold nobody up.
# Runs alone: it measures time.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
remember_daemon
(ATTACK_AS=root attack linger 5 "$DAEMON_PID" "${USER_ID[member]}" "$SOCKET_GID" >"$OUT/linger.out") &
PIDS[linger]=$!
slowest=0
for ((i = 0; i < 30; ++i)); do
    begin=${EPOCHREALTIME/./}
    expect_served "while descriptors linger"
    took=$((${EPOCHREALTIME/./} - begin))
    ((took <= slowest)) || slowest=$took
done
wait_for linger 30
expect_status 0
echo "the slowest of 30 requests took $((slowest / 1000)) ms"
((slowest < 1000000)) || fail "a request took $((slowest / 1000)) ms"
expect_back "sockets that linger"
