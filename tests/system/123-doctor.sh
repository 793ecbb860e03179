#!/usr/bin/env bash
# doctor on the whole way from a user to a capture: a member's, an outsider's, one whose session is too old,
# without a daemon, with one that may not capture, with one that does not answer. And what is wrong with the spool.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

expect_finding() { # VERDICT CHECK EXTENDED_REGEX [WHAT_MENDS_IT]
    expect_line "$OUT/ctl.out" "^$1 +$2 +$3"
    [[ -z ${4:-} ]] || grep -A 1 -E "^$1 +$2 " "$OUT/ctl.out" | tail -n 1 | grep -qE "^ {16}$4" ||
        fail "$2: no line that says '$4'"
}

ctl doctor
expect_status 6
expect_finding - group "not checked"
expect_finding FAIL socket "$SOCKET is not there" "sudo packetsentryd --socket $SOCKET\$"
for check in daemon version capability interfaces policy spool; do expect_finding - "$check" "not checked: no connection"; done
expect_finding ok worker ".*/packetsentry-worker\$"
expect_equal "standard error" "" "$(cat "$OUT/ctl.err")"

# The disk of whoever runs the tests may be nearly full.
printf '[spool]\nfree_disk = "1MiB"\n' >"$TEMP/packetsentryd.toml"
start_daemon --config "$TEMP/packetsentryd.toml"
ctl doctor
expect_status 0
expect_count 10 "$OUT/ctl.out" ''
expect_finding ok group "you \(nobody\) are in group $SOCKET_GROUP\$"
expect_finding ok socket "$SOCKET \(0660, root:$SOCKET_GROUP\) accepts connections\$"
expect_finding ok daemon "packetsentryd answers: process $DAEMON_PID, as .*, up 0 d 00:00:"
expect_finding ok version "both are "
expect_finding ok capability "packetsentryd may capture"
expect_finding ok interfaces "3 of 3 up: lo, eth0, eth1\$"
expect_finding ok policy "there is no policy file: "
expect_finding ok spool "$TEMP/state/spool \([a-z0-9]+, 0700 root\): 0 B of .* used; .* of its disk are free, and 1\.0 MiB stay so\$"
expect_finding ok disk ".* free in $WORK\$"
expect_plain_text "$OUT/ctl.out"

ctl doctor --json
expect_status 0
jq -es 'length == 10 and all(.result == "ok" and .message != "" and has("mend") == false)' "$OUT/ctl.out" >/dev/null ||
    fail "--json doctor: not ten good findings"

echo x >"$TEMP/state/spool/notes.txt"
chmod 0750 "$TEMP/state/spool"
sleep 2.2 # for two seconds, what was found is not looked at anew
ctl doctor
expect_status 0
expect_finding warn spool "$TEMP/state/spool: others may enter it \(0750\); 1 name in it is not the spool's \(notes\.txt\)\$" \
    "sudo chmod 0700 $TEMP/state/spool; move them out of $TEMP/state/spool: "
rm "$TEMP/state/spool/notes.txt"
chmod 0700 "$TEMP/state/spool"
sleep 2.2

# On a terminal the verdicts are coloured, unless that is not wanted.
for option in "" --no-color; do
    as_user member
    (cd "$WORK" && script -qec "${AS[*]} TERM=xterm packetsentryctl doctor $option" /dev/null) >"$OUT/tty.out" </dev/null
    expect_equal "coloured verdicts with '$option'" "$([[ -n $option ]] && echo 0 || echo 10)" "$(count_lines "$OUT/tty.out" $'^\x1b\\[32mok')"
done

CTL_AS=root ctl doctor
expect_status 0
expect_finding ok group "you are root"

CTL_AS=outsider ctl doctor
expect_status 5
expect_finding FAIL group "you \(ps65532\) are not in group $SOCKET_GROUP\$" "sudo adduser ps65532 $SOCKET_GROUP"
expect_finding - socket "not checked"
expect_finding - daemon "not checked: no connection"
CTL_AS=outsider ctl doctor --json
jq -es 'map(select(.result == "fail")) | length == 1 and .[0].check == "group" and (.[0].mend | test("adduser"))' \
    "$OUT/ctl.out" >/dev/null || fail "--json doctor does not tell the outsider what mends it"

# The group database has the user in it by now, but this session is older.
echo "$SOCKET_GROUP:x:$SOCKET_GID:ps65532" >"$TEMP/group"
as_user outsider
# The mount is for what runs there alone.
# shellcheck disable=SC2016
(cd "$WORK" && in_a sh -c 'mount --bind "$1" /etc/group && shift && exec "$@"' sh "$TEMP/group" \
    "${AS_HERE[@]}" packetsentryctl doctor) >"$OUT/ctl.out" 2>"$OUT/ctl.err" && fail "an old session is good enough"
expect_finding FAIL group "you \(ps65532\) are in group $SOCKET_GROUP, but" "log in again, or run: newgrp $SOCKET_GROUP\$"

for interface in eth0 eth1; do ip -n "$NS_A" link set "$interface" down; done
ctl doctor --output-dir /proc
expect_status 0
expect_finding warn interfaces "none of 3 interfaces is up, except the loopback interface" "sudo ip link set eth0 up\$"
expect_finding warn disk "you may not write in /proc: " ".*--output-dir"
ctl doctor --output-dir $'no\x1b[2Jwhere'
expect_status 3
expect_finding FAIL disk 'no\\x1B\[2Jwhere is not a directory' 'mkdir -p no\\x1B\[2Jwhere$'
expect_plain_text "$OUT/ctl.out"

kill -STOP "$DAEMON_PID"
ctl doctor
kill -CONT "$DAEMON_PID"
expect_status 8
expect_finding FAIL daemon "packetsentryd did not answer within 5 seconds" "end packetsentryd, then: "
expect_finding - version "not checked: no answer"
stop_daemon

(exec ip netns exec "$NS_A" setpriv --bounding-set=-net_raw env -i --default-signal=INT,QUIT,PIPE PATH="$PATH" \
    "$BIN/packetsentryd" --socket "$SOCKET" --group "$SOCKET_GROUP" --state-dir "$TEMP/state") >>"$TEMP/daemon.log" 2>&1 </dev/null &
DAEMON_PID=$!
wait_until 20 "the daemon's socket" daemon_answers
ctl doctor
expect_status 5
expect_finding FAIL capability "packetsentryd lacks CAP_NET_RAW" "end packetsentryd, then: "
stop_daemon

python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$SOCKET"
chmod 666 "$SOCKET"
CTL_AS=root ctl doctor
expect_status 6
expect_finding FAIL socket "nobody listens on $SOCKET" "sudo packetsentryd"
