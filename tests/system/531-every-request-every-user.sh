#!/usr/bin/env bash
# Every request of every kind of user, about no job, one's own and another's, over real connections: each is
# answered as packetsentry-policy.toml(5) and packetsentry-protocol(7) say; what is refused changes nothing; and
# what may not be seen is answered as what does not exist.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

users=(owner=65501 plain=65502 viewer=65503 colleague=65504 narrow=65505 blind=65506 warden=65509
    nobody=65507 outsider=65532 root=0 "daemon=$(id -u daemon)")
every_request() { # begin|ask
    in_a env "PACKETSENTRY_SOCKET=$SOCKET" "SOCKET_GID=$SOCKET_GID" PYTHONDONTWRITEBYTECODE=1 \
        python3 "$SUPPORT/every_request.py" "$1" "${users[@]}"
}

# Under this each has a job. That of whoever may start none any more has ended under the next.
write_policy <<END
[[rule]]
user = [65501, 65502, 65503, 65504, 65505, 65506, 65507, 65509]
actions = ["view", "start"]
END
printf 'policy = "%s"\n[clients]\nrequests_per_second = 1000000\n[jobs]\nfinished = 10000\n' "$POLICY" >"$TEMP/daemon.toml"
start_daemon --config "$TEMP/daemon.toml" --user daemon
# Not the file's mode, but the daemon keeps outsiders away.
chmod 666 "$SOCKET"
ip netns exec "$NS_B" ping -q -i 0.05 10.77.0.1 >/dev/null &
ip netns exec "$NS_B" ping -q -i 0.05 10.78.0.1 >/dev/null &
cd "$WORK"
every_request begin

write_policy <<END
[[rule]]
user = [65501, 65502]
actions = ["view", "start", "stop", "filter", "save", "past"]
interfaces = ["eth0"]
lifetime = "1h"

[[rule]]
user = [65503]
actions = ["view"]
jobs = "all"

[[rule]]
user = [65504]
actions = ["view", "start", "stop", "filter", "save", "past", "keep"]
interfaces = ["eth*"]
jobs = "all"

[[rule]]
user = [65505]
actions = ["view", "start", "stop", "filter", "past", "keep"]
interfaces = ["eth1"]
jobs = "all"

[[rule]]
user = [65506]
actions = ["start", "stop"]
interfaces = ["eth0"]

[[rule]]
user = [65509]
actions = ["stop", "filter"]
jobs = "all"

[[rule]]
user = [65532]
actions = ["view", "start", "stop", "filter", "save", "past"]
jobs = "all"
END
reload 'policy: .* is in force, with 7 rules$'

# y done, n not permitted, - no such job, r checked: refused, x usage, i no such interface, o turned away.
# Owner, plain, viewer, colleague, narrow, blind, warden, nobody, outsider, root, daemon.
every_request ask >"$OUT/asked.out" <<'END' || fail "$(tail -n 40 "$OUT/asked.out")"
survives            own    y y n y y y n n o y y
hello               none   x x x x x x x x o x x
interfaces          none   y y y y y y y y o y y
status              none   y y y y y y y y o y y
unknown             none   x x x x x x x x o x x
empty               none   x x x x x x x x o x x
list                none   y y y y y n n n o y y
show                own    y y y y y n n n o y y
show                other  - - y y y n n n o y y
follow-new          own    y y y y y n n n o y y
follow-new          other  - - y y n n n n o y y
follow-past         own    y y n y y n n n o y y
follow-past         other  - - n y n n n n o y y
results             own    y y n y y n n n o y y
results             other  - - n y n n n n o y y
filter              own    y y n y y n x n o y y
filter              other  - - n y y n y n o y y
renew               own    y y n y y y n n o y y
renew               other  - - n y y - n n o y y
check               none   y y y y y y y r o y y
check-of-somebody   none   n n n n n n n n o r r
check-start-eth0    none   y y r y r y r r o y y
check-start-lo      none   r r r r r r r r o y y
check-nonsense      none   x x x x x x x x o x x
check-show          own    y y y y y r r r o y y
check-show          other  - - y y y - - - o y y
check-follow        own    y y y y y r r r o y y
check-follow        other  - - y y r - - - o y y
check-results       own    y y r y y r r r o y y
check-results       other  - - r y r - - - o y y
check-filter        own    y y r y y r y r o y y
check-filter        other  - - r y y - y - o y y
check-renew         own    y y r y y y r r o y y
check-renew         other  - - r y y - - - o y y
check-stop          own    y y r y y y y r o y y
check-stop          other  - - r y y - y - o y y
start-eth0          none   y y n y n y n n o y y
start-eth1          none   n n n y y n n n o y y
start-both          none   n n n y n n n n o y y
start-lo            none   n n n n n n n n o y y
start-any           none   n n n n n n n n o y y
start-eth9          none   n n n i n n n n o i i
start-saving        none   y y n y n n n n o y y
start-filtered      none   y y n y n n n n o y y
start-foreground    none   y y n y n n n n o y y
start-kept          none   n n n y y n n n o y y
start-kept-packets  none   n n n y n n n n o y y
check-start-kept    none   r r r y y r r r o y y
start-by-own-name   none   x x n x n x n n o x x
stop                own    y y n y y y y n o y y
stop                other  - - n y y - y n o y y
stop-own-and-other  none   - - n y y - y n o y y
stop-none           none   x x n x x x x n o x x
stop-all            none   y y n y y y y n o y y
start-by-their-name none   y y n y n y n n o y y
END
expect_line "$OUT/asked.out" '^605 combinations, 0 wrong$'
