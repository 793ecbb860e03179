#!/usr/bin/env bash
# systemctl reload: each change is told with both values; a broken file, or policy, fails the reload, names
# its line, and changes nothing; running jobs do not notice.
. "$(dirname "${BASH_SOURCE[0]}")/../support/lab.sh"

lab <<'INSIDE'
make_users
make_peer
file=/etc/packetsentry/packetsentryd.toml
systemctl start packetsentryd
ctl start -d --name night -i eth0 -f dns
before=$(main_pid)

printf 'log_level = "debug"\n[jobs]\nmax_per_user = 1\n[memory]\nring = "16MiB"\n' >"$file"
systemctl reload packetsentryd
wait_until 5 "the change" sh -c 'journalctl -q -u packetsentryd -o cat | grep "jobs.max_per_user is now 1, was 16"'
journal -o cat >"$OUT/journal"
expect_line "$OUT/journal" 'configuration: log_level is now debug, was info$'
expect_line "$OUT/journal" 'configuration: memory.ring is now 16MiB, was 64MiB; it applies to jobs that start from now on$'
ctl start -d -i eth0
expect_status 1
expect_line "$OUT/ctl.err" 'you have 1 jobs running, which is the limit'

printf '\n[jobs]\nmax_per_user = 2\nmaximum = 3\n' >"$file"
! systemctl reload packetsentryd 2>"$OUT/reload.err" || fail "a broken configuration is taken by a reload"
journal -o cat >"$OUT/journal"
expect_line "$OUT/journal" "$file:4: unknown key 'jobs.maximum'"
ctl start -d -i eth0
expect_status 1

# The daemon itself is as careful.
kill -HUP "$before"
wait_until 5 "the refusal" sh -c 'journalctl -q -u packetsentryd -o cat | grep "the configuration stays as it was: /etc/packetsentry/packetsentryd.toml:4: unknown key"'
ctl start -d -i eth0
expect_status 1

# So is the policy: one that is wrong, or that others could write, fails the reload.
printf '' >"$file"
policy=/etc/packetsentry/policy.toml
good='[[rule]]\nuser = ["alice"]\nactions = ["view", "start", "stop", "filter"]\ninterfaces = ["eth0"]\n'
printf "$good" >"$policy"
systemctl reload packetsentryd
wait_until 5 "the policy" sh -c 'journalctl -q -u packetsentryd -o cat | grep "policy: /etc/packetsentry/policy.toml is in force, with 1 rule"'
ctl start -d -i lo
expect_status 5
expect_line "$OUT/ctl.err" "rule 1 \\($policy:1\\) allows the interfaces eth0, not 'lo'"
journalctl -q "PACKETSENTRY_RULE=rule 1 ($policy:1)" PACKETSENTRY_VERDICT=refused PACKETSENTRY_ACTION=start -o cat >"$OUT/refused"
expect_line "$OUT/refused" 'refused uid [0-9]+: start: rule 1'
printf "${good}snaplem = 3\n" >"$policy"
! systemctl reload packetsentryd 2>"$OUT/reload.err" || fail "a broken policy is taken by a reload"
journal -o cat >"$OUT/journal"
expect_line "$OUT/journal" "$policy:5: unknown key 'snaplem'"
printf "${good}" >"$policy"
chmod 666 "$policy"
! systemctl reload packetsentryd 2>"$OUT/reload.err" || fail "a policy that others may write is taken by a reload"
journal -o cat >"$OUT/journal"
expect_line "$OUT/journal" "'$policy' can be written by users other than root"
ctl start -d -i lo
expect_status 5
rm "$policy"

printf 'socket = "/run/elsewhere.sock"\n' >"$file"
systemctl reload packetsentryd
wait_until 5 "the hint" sh -c 'journalctl -q -u packetsentryd -o cat | grep "socket is now /run/elsewhere.sock, was .*; it takes effect with .systemctl restart packetsentryd"'
expect_equal "process" "$before" "$(main_pid)"

# A standing job is taken up, keeps what it captures where the unit allows it, and a member finds it.
printf '' >"$file"
mkdir /etc/packetsentry/jobs.d
printf 'interface = ["eth*"]\nreaders = { groups = ["packetsentry"] }\n[keep.packets]\nage = "1d"\n' \
    >/etc/packetsentry/jobs.d/lab.toml
systemctl reload packetsentryd
wait_until 5 "the standing job" job_is lab '.state == "running"'
ask kept.example
has_past() { ctl search --name kept.example && [[ $STATUS == 0 && $(wc -l <"$OUT/ctl.out") == 2 ]]; }
wait_until 5 "rows of the past" has_past
expect_equal "the spool" "packetsentry 700" "$(stat -c '%U %a' /var/lib/packetsentry/spool)"
job_is night '.state == "running"'
INSIDE
