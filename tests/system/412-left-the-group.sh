#!/usr/bin/env bash
# Somebody leaves the socket's group: their job in the background ends with the next reload and says why, does not come
# back after a restart, and no session of before starts another one; jobs of others go on. With uidmap's subordinate
# ids, a member of a group that a rule narrows drops that group, and is narrowed all the same; as one of those ids they
# are refused. The service writes no core file.
. "$(dirname "${BASH_SOURCE[0]}")/../support/lab.sh"

lab <<'INSIDE'
make_users
useradd --create-home bob
usermod --append --groups packetsentry bob
make_peer
systemctl start packetsentryd
ctl start -d --name night -i eth0 -f dns
expect_status 0
CTL_AS=bob ctl start -d --name bobs -i eth0 -f dns
expect_status 0

# A session that began before keeps the group, as sessions do.
gpasswd --delete alice packetsentry
group=$(getent group packetsentry | cut -d: -f3)
old_session() { # ARGUMENTS…
    STATUS=0
    (cd /home/alice && exec setpriv --reuid alice --regid alice --groups "$group" --inh-caps=-all env -i PATH="$PATH" \
        HOME=/home/alice LANG=C.UTF-8 packetsentryctl "$@") >"$OUT/ctl.out" 2>"$OUT/ctl.err" </dev/null || STATUS=$?
}
# What they ask meanwhile makes the daemon look them up, and does not spare the job. Answers of the last two seconds
# stand.
sleep 2.2
old_session start -d --name early -i eth0
expect_status 5
systemctl reload packetsentryd
wait_until 10 "the end of alice's job" job_is night '.state == "failed" or .state == "finished"'
old_session show night
expect_line "$OUT/ctl.out" 'the job ends: uid [0-9]+ \(alice\) is not in group packetsentry any more'
job_is bobs '.state == "running"' || fail "the job of somebody else ended too"
old_session start -d --name again -i eth0
expect_status 5
expect_one_error "$OUT/ctl.err" 'you must be a member of group packetsentry in the user database, but alice is not'
journal -o cat >"$OUT/journal"
expect_line "$OUT/journal" 'job night \(id 1\) ends: uid [0-9]+ \(alice\) is not in group packetsentry any more'
systemctl restart packetsentryd
wait_until 10 "bob's job" job_is bobs '.state == "running"'
expect_equal "jobs after a restart" bobs "$(packetsentryctl --json list | jq -r .name)"

# Membership ends while the daemon is down.
systemctl stop packetsentryd.socket packetsentryd
gpasswd --delete bob packetsentry
systemctl start packetsentryd.socket packetsentryd
journal_says() { journal -o cat >"$OUT/journal" && grep -qE "$1" "$OUT/journal"; }
wait_until 10 "bob's job to end" journal_says 'bobs \(id 2\) failed .*: the policy does not allow job bobs any more: uid [0-9]+ \(bob\) is not in group packetsentry any more'

# An intern with subordinate ids, as uidmap's useradd gives them to everybody.
groupadd interns
useradd --create-home --gid packetsentry --groups interns carol
grep -q '^carol:' /etc/subuid || echo 'carol:300000:65536' >>/etc/subuid
grep -q '^carol:' /etc/subgid || echo 'carol:300000:65536' >>/etc/subgid
cat >/etc/packetsentry/policy.toml <<'POLICY'
[[rule]]
group = ["interns"]
actions = ["view"]
[[rule]]
group = ["packetsentry"]
actions = ["view", "start", "stop", "filter", "save", "past"]
POLICY
systemctl reload packetsentryd
# The primary group stays, as nothing maps it; all others are dropped.
cat >/usr/local/bin/in-namespace <<'SCRIPT'
#!/bin/sh
# in-namespace ID COMMAND…: as this id of a user namespace of one's own, without supplementary groups.
id=$1; shift
fifo=$(mktemp -u) && mkfifo "$fifo"
unshare --user --keep-caps sh -c 'read -r _ <"$1"; id=$2; shift 2; exec setpriv --reuid "$id" --clear-groups "$@"' sh "$fifo" "$id" "$@" &
child=$!
sleep 0.3
first=$(sed -n "s/^$(id -un):\([0-9]*\):.*/\1/p" /etc/subuid)
newuidmap "$child" 0 "$(id -u)" 1 1 "$first" 1000 && newgidmap "$child" 0 "$first" 1000 || exit 99
echo go >"$fifo"
wait "$child"
SCRIPT
chmod 755 /usr/local/bin/in-namespace
as carol in-namespace 0 packetsentryctl policy check >"$OUT/shed" 2>&1 || true
expect_line "$OUT/shed" 'rule 1 \(/etc/packetsentry/policy.toml:1\)'
as carol in-namespace 7 packetsentryctl list >"$OUT/mapped" 2>&1 && fail "a mapped id is let in"
expect_line "$OUT/mapped" 'uid [0-9]+ is not in the user database, and no rule of the policy names it'

# Neither a core file nor a debugger gets at what the control process holds.
pid=$(main_pid)
expect_line "/proc/$pid/limits" '^Max core file size +0 +0 '
expect_equal "owner of the control process's /proc files" root "$(stat -c %U "/proc/$pid/mem")"
INSIDE
