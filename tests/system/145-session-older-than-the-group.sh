#!/usr/bin/env bash
# A user who has just been added to the group is told by each command that is refused to log in again, and not to be
# added once more.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
# Who is in the group by the database alone; AS begins with "ip netns exec NAMESPACE", the mount is for what runs there.
echo "$SOCKET_GROUP:x:$SOCKET_GID:ps65532" >"$TEMP/group"
as_user outsider
for words in status list "start -i eth0" "show 1" "stop --all" "policy check" -D "-i eth0 -c 1"; do
    status=0
    # shellcheck disable=SC2016,SC2086
    (cd "$WORK" && in_a sh -c 'mount --bind "$1" /etc/group && shift && exec "$@"' sh "$TEMP/group" \
        "${AS_HERE[@]}" packetsentryctl $words) >"$OUT/ctl.out" 2>"$OUT/ctl.err" || status=$?
    expect_equal "status of '$words'" 5 "$status"
    expect_one_error "$OUT/ctl.err" "you \(ps65532\) are in group $SOCKET_GROUP, but this session began before that: log in again, or run 'newgrp $SOCKET_GROUP'"
done
CTL_AS=outsider ctl status
expect_status 5
expect_one_error "$OUT/ctl.err" "you \(ps65532\) are not in group $SOCKET_GROUP: 'sudo adduser ps65532 $SOCKET_GROUP', then log in again"
