#!/usr/bin/env bash
# A member drops, in a user namespace with subordinate ids, the group that a rule narrows; another comes as one of the
# subordinate ids. The rule holds by the user database; an id that the database does not know is refused under a
# policy, and without one all such ids share one user's limits. Jobs in the background need a member of the database's.
# Runs alone: it takes all that a user may have of the machine.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

intern=65530
intern_gid=64991
echo "psinterns:x:$intern_gid:ps$intern" >>"/etc/netns/$NS_A/group"
identities() { # KIND NUMBERS…
    in_a env PYTHONDONTWRITEBYTECODE=1 "PACKETSENTRY_SOCKET=$SOCKET" python3 "$SUPPORT/identities.py" "$@"
}

write_policy <<POLICY
[[rule]]
group = ["psinterns"]
actions = ["view", "start"]
snaplen = 64
[[rule]]
group = ["$SOCKET_GROUP"]
actions = ["view", "start", "stop", "filter", "save", "past"]
[[rule]]
user = [200001]
actions = ["view"]
POLICY
start_daemon_with_policy
expect_equal "the rule of an intern who has shed the group" "rule 1 ($POLICY:1)" \
    "$(identities shed $intern "$SOCKET_GID" $intern_gid)"
identities mapped $intern "$SOCKET_GID" 100001 200001 >"$OUT/mapped"
expect_line "$OUT/mapped" '^uid 100001: uid 100001 is not in the user database, and no rule of the policy names it$'
expect_line "$OUT/mapped" '^uid 200001: let in$'
expect_line "$TEMP/daemon.log" 'refused uid 100001: connect: uid 100001 is not in the user database'

# A group that the database gives later is found as well: a job goes on under the terms of the rule for it.
CTL_AS=other ctl start -d -i eth0 --name free
expect_status 0
# In place, as the file is mounted over /etc/group where the daemon runs.
sed "s/^psinterns:.*/&,ps${USER_ID[other]}/" "/etc/netns/$NS_A/group" >"$TEMP/group"
cat "$TEMP/group" >"/etc/netns/$NS_A/group"
reload 'configuration read again: nothing has changed'
limited() {
    as_user root
    "${AS[@]}" packetsentryctl show free | grep -q 'at most 64 bytes'
}
wait_until 10 "the narrower rule" limited
stop_daemon

# Without a policy: ids that nobody has are one user together.
printf '[clients]\nmax_per_user = 5\n' >"$TEMP/daemon.toml"
start_daemon --config "$TEMP/daemon.toml"
identities crowd $intern "$SOCKET_GID" 2 100001 100002 100003 100004 >"$OUT/crowd"
cat "$OUT/crowd"
expect_line "$OUT/crowd" '^5 times: let in$'
expect_line "$OUT/crowd" '^3 times: you have 5 connections to packetsentryd, which is the limit'
for _ in 1 2 3; do CTL_AS=other ctl status; expect_status 0; done

# The session has the group, and the database does not say so: a capture in the foreground is all there is.
as_guest() { # ARGUMENTS…
    STATUS=0
    (cd "$WORK" && exec timeout 20 ip netns exec "$NS_A" setpriv --reuid 65499 --regid 65499 --groups "$SOCKET_GID" \
        --inh-caps=-all env -i PATH="$BIN:$PATH" PACKETSENTRY_SOCKET="$SOCKET" packetsentryctl "$@") \
        >"$OUT/ctl.out" 2>"$OUT/ctl.err" </dev/null || STATUS=$?
}
as_guest start -d -i eth0
expect_status 5
expect_one_error "$OUT/ctl.err" "a job in the background continues after your client has ended, so you must be a member of group $SOCKET_GROUP in the user database, but uid 65499, which it does not know, is not"
as_guest start -i eth0 -a duration:100ms --no-files
expect_status 0
