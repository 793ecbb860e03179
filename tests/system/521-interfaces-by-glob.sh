#!/usr/bin/env bash
# Interfaces by glob: what does not match is refused before anything starts, and "any", which is all of them,
# takes more than a name that happens to fit. Without "filter" there is no filter of one's own.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop"]
interfaces = ["eth0", "a*", "?n?"]

[[rule]]
user = [${USER_ID[other]}]
actions = ["view", "start", "stop"]
interfaces = ["any"]
END
start_daemon_with_policy

ctl start -d -i eth0
expect_status 0
for interfaces in '-i eth1' '-i lo' '-i any' '-i eth0 -i eth1'; do
    # shellcheck disable=SC2086
    ctl start -d $interfaces
    expect_status 5
    expect_one_error "$OUT/ctl.err" "rule 1 \($POLICY:1\) allows the interfaces eth0, a\*, \?n\?, not '"
done
expect_equal "workers" 1 "$(pgrep -c -P "$DAEMON_PID")"
ctl start -d -i eth0 -f dns
expect_status 5
expect_line "$OUT/ctl.err" "does not allow 'filter'"
CTL_AS=other ctl start -d -i any
expect_status 0
CTL_AS=other ctl start -d -i eth0
expect_status 5
expect_line "$TEMP/daemon.log" "refused uid ${USER_ID[other]}: start: rule 2 \($POLICY:6\) allows the interfaces any, not 'eth0'"
