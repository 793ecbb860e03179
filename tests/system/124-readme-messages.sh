#!/usr/bin/env bash
# Each line in README's table of errors is one that the programs really print: every one is provoked here,
# and matches its row, "…" standing for anything.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

printed=$OUT/printed
provoke() { # ARGUMENTS…
    ctl "$@"
    ((STATUS != 0)) || fail "packetsentryctl $* was to fail"
    sed 's/^packetsentryctl: //' "$OUT/ctl.err" >>"$printed"
}

provoke list
# Somebody else listens at the path.
install -d -m 1777 "$TEMP/shared"
as_user other
"${AS[@]}" PYTHONPATH="$SUPPORT" python3 -B "$SUPPORT/fake_daemon.py" "$TEMP/shared/control.sock" /dev/null 2>"$OUT/fake.err" &
fake=$!
clean_up() { kill "$fake" 2>/dev/null; }
wait_until 10 "the stranger's socket" test -S "$TEMP/shared/control.sock"
provoke --socket "$TEMP/shared/control.sock" list
printf '[jobs]\nmax_per_user = 1\n' >"$TEMP/packetsentryd.toml"
# Before the daemon begins, which may not see later mounts.
mkdir "$WORK/small"
mount -t tmpfs -o size=64k,mode=777 none "$WORK/small" 2>/dev/null || skip "no right to mount a small file system"
start_daemon --config "$TEMP/packetsentryd.toml"
CTL_AS=outsider provoke list
# The database has the user in the group by now, this session has not.
echo "$SOCKET_GROUP:x:$SOCKET_GID:ps65532" >"$TEMP/group"
as_user outsider
# shellcheck disable=SC2016
! in_a sh -c 'mount --bind "$1" /etc/group && shift && exec "$@"' sh "$TEMP/group" \
    "${AS_HERE[@]}" packetsentryctl list 2>"$OUT/older.err" || fail "a session older than its group is good enough"
sed 's/^packetsentryctl: //' "$OUT/older.err" >>"$printed"
provoke start -i eth9
provoke start -i eth0 -f nonsense
provoke start -i eth0 --bpf 'port nonsense'
provoke start -i eth0 --flow 1:nonsense
provoke read missing.pcap
echo 'no capture at all, and long enough for one' >"$WORK/text.pcap"
provoke read text.pcap
ln -s text.pcap "$WORK/link.pcap"
provoke read text.pcap -o link.pcap
write_capture "$WORK/good.pcap" 1
ln -s text.pcap "$WORK/packetsentry.log"
ctl read good.pcap
sed 's/^packetsentryctl: //' "$OUT/ctl.err" >>"$printed"
rm "$WORK/packetsentry.log"
provoke show nobody
ctl start -d --name one -i eth0 -o one.pcap
provoke start -i eth0
provoke read good.pcap --no-files -o one.pcap
rm "$WORK/one.pcap"
wait_until 5 "the removal to be seen" sh -c "grep -q 'the output file was removed' '$TEMP/daemon.log'"
provoke results one
ctl stop one

start_capture full start -i eth0 -f udp -o small/full.pcap
send_numbered 2000 2000 20000
wait_until 10 "the disk to be full" has_lines 1 "$OUT/full.err" 'no longer saved'
kill -INT "${PIDS[full]}"
wait_for full
sed 's/^packetsentryctl: //' "$OUT/full.err" >>"$printed"

start_capture ended start -i eth0
stop_daemon
wait_for ended
sed 's/^packetsentryctl: //' "$OUT/ended.err" >>"$printed"

printf 'nonsense = 1\n' >"$TEMP/wrong.toml"
! "$BIN/packetsentryd" --config "$TEMP/wrong.toml" --check-config 2>>"$printed" ||
    fail "a wrong configuration passes --check-config"

# "`cannot open '…': …`" as a regular expression of whole lines.
rows=$(sed -n '/^| the line says/,/^$/s/^| `\([^`]*\)`.*/\1/p' "$SUPPORT/../../README.md")
((${#rows} > 0)) || fail "README has no table of errors"
while read -r row; do
    pattern=$(sed 's/[][(){}.*+?^$|\\/]/\\&/g; s/…/.*/g' <<<"$row")
    grep -qE "^$pattern\$" "$printed" || fail "nothing printed matches README's: $row"
done <<<"$rows"
echo "$(wc -l <<<"$rows") rows"
