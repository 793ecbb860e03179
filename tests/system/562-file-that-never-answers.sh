#!/usr/bin/env bash
# An output in a file system of the user's own that answers nothing any more: nobody waits but he.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

[[ -c /dev/fuse ]] || skip "there is no /dev/fuse"
start_daemon
remember_daemon
(exec ip netns exec "$NS_A" env PACKETSENTRY_SOCKET="$SOCKET" PYTHONPATH="$SUPPORT" PYTHONDONTWRITEBYTECODE=1 \
    TMPDIR="$TEMP" python3 "$SUPPORT/hung_file.py" "${USER_ID[member]}" "$SOCKET_GID") \
    >"$OUT/hung.out" 2>"$OUT/hung.err" &
PIDS[hung]=$!
wait_until 10 "the file" grep -q sent "$OUT/hung.out"
slowest=0
for ((i = 0; i < 30; ++i)); do
    begin=${EPOCHREALTIME/./}
    expect_served "while a file does not answer"
    took=$((${EPOCHREALTIME/./} - begin))
    ((took <= slowest)) || slowest=$took
done
echo "the slowest of 30 requests took $((slowest / 1000)) ms"
((slowest < 1000000)) || fail "a request took $((slowest / 1000)) ms"
# Only then do we look for workers: whoever looks at a process that waits for the file waits as well.
kill -KILL "${PIDS[hung]}"
wait "${PIDS[hung]}" 2>/dev/null || true
no_workers() {
    ctl stop --all
    [[ -z $(worker_pid) ]]
}
wait_until 20 "its job to end" no_workers
expect_back "a file that does not answer" 16384
