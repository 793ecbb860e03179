#!/usr/bin/env bash
# In a user namespace that knows one id there is no other user for the worker to become: a file is read all the same,
# by a worker that is proved to hold nothing. Also where a namespace maps one id that is not root's.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"
. "$SUPPORT/surroundings.sh"

unshare --user true 2>/dev/null || skip "no user namespaces here"
prepare_reading
INSIDE=(unshare --user --map-root-user)
expect_reads "root of one id"
INSIDE=(unshare --user --map-user=1234 --map-group=1234)
expect_reads "one id that is not root's"
INSIDE=(unshare --user)
expect_reads "no id is mapped"
INSIDE=(unshare --user --map-root-user --net --mount --pid --fork)
expect_reads "namespaces of all kinds"

# What the worker holds, looked at from outside while it waits for more of a pipe.
INSIDE=(unshare --user --map-root-user)
start_reading_of_a_pipe
expect_equal "uid of the worker" "${USER_ID[member]}" "$(status_field "$WORKER" Uid)"
expect_no_capabilities "$WORKER"
tail -c +4097 "$WORK/some.pcap" >&"$PIPE"
exec {PIPE}>&-
wait_for_pid "$CLIENT" 10
expect_status 0
cmp -s "$OUT/usual.out" "$OUT/pipe.out" || fail "other rows by the pipe"

# What has been asked for is refused as ever.
INSIDE=(unshare --user --map-root-user)
ctl_there -r missing.pcap
expect_status 3
expect_one_error "$OUT/ctl.err" 'missing\.pcap'
