#!/usr/bin/env bash
# --check-config and a reload say whom each rule is for, what they may not, and who loses what they have without a
# policy. A name that nobody has is a warning at its line: the daemon starts, and the rule is for nobody by that name.
# Whoever asks about somebody else is told what lets that one in.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

check() {
    local status=0
    in_a "$BIN/packetsentryd" --config "$TEMP/daemon.toml" --group "$SOCKET_GROUP" --check-config \
        >"$OUT/check.out" 2>"$OUT/check.err" || status=$?
    expect_equal "status of --check-config" 0 "$status"
    expect_line "$OUT/check.out" '^the configuration is valid$'
}
all='actions = ["view", "start", "stop", "filter", "save", "past"]'

write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start"]
interfaces = ["eth0"]
snaplen = 96
END
start_daemon_with_policy
check
expect_line "$OUT/check.out" "^rule 1 \($POLICY:1\) is for user ${USER_ID[member]}: view, start; not stop, filter, save, past, keep; on eth0; jobs of their own; at most 96 bytes of a packet$"
expect_one_error "$OUT/check.err" "warning: members of $SOCKET_GROUP whom no rule names \(ps65500, .*, and 25 more\) lose everything that they may do without a policy"
expect_no_line "$OUT/check.err" nobody
CTL_AS=other ctl start -d -i eth0
expect_status 5

# The rule for everybody else, as README has it.
cat >>"$POLICY" <<END
[[rule]]
group = ["$SOCKET_GROUP"]
$all
END
reload 'policy: .* is in force, with 2 rules'
wait_until 5 "the rules" grep -q "policy: rule 2 .*:6) is for group $SOCKET_GROUP: view, start, stop, filter, save, past; not keep; on " "$TEMP/daemon.log"
expect_line "$TEMP/daemon.log" "policy: rule 1 .*:1\) is for user ${USER_ID[member]}: view, start; not stop"
expect_no_line "$TEMP/daemon.log" 'lose all'
check
expect_equal "warnings" "" "$(cat "$OUT/check.err")"
CTL_AS=other ctl start -d -i eth0 --name others
expect_status 0

# Users and groups that are gone.
write_policy <<END
[[rule]]
user = ["gone-user"]
$all
jobs = "all"

[[rule]]
group = [${USER_ID[other]},
  "gone-group"]
actions = ["view"]
END
reload 'policy: .* is in force, with 2 rules'
wait_until 5 "the loss" grep -q "policy: members of $SOCKET_GROUP whom no rule names (.*) lose everything that they may do without a policy" "$TEMP/daemon.log"
expect_line "$TEMP/daemon.log" "policy: $POLICY:2: 'user' names 'gone-user', but there is no such user: that name matches nobody"
expect_line "$TEMP/daemon.log" "policy: $POLICY:8: 'group' names 'gone-group', but there is no such group: that name matches nobody"
check
expect_line "$OUT/check.err" "warning: $POLICY:2: 'user' names 'gone-user'"
ctl start -d -i eth0
expect_status 5
expect_line "$OUT/ctl.err" "no rule in $POLICY applies to you"
CTL_AS=other ctl list
expect_status 0
CTL_AS=other ctl stop others
expect_status 5
stop_daemon
start_daemon_with_policy
expect_line "$TEMP/daemon.log" "policy: $POLICY:8: 'group' names 'gone-group'"
ctl list
expect_status 5

CTL_AS=root ctl policy check --user "ps${USER_ID[outsider]}" start -i eth0
expect_status 5
expect_line "$OUT/ctl.out" "ps${USER_ID[outsider]} is not in group $SOCKET_GROUP; 'sudo usermod -aG $SOCKET_GROUP ps${USER_ID[outsider]}', then let ps${USER_ID[outsider]} log in again"
CTL_AS=root ctl policy check --user nobody start -i eth0
expect_line "$OUT/ctl.out" "no rule in $POLICY applies to nobody$"
