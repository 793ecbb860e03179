#!/usr/bin/env bash
# Remove stops everything and leaves settings and state; purge takes those too, the socket, the enabled
# units and the catalog; captured data only where somebody asked for that.
. "$(dirname "${BASH_SOURCE[0]}")/../support/lab.sh"

lab <<'INSIDE'
make_users
make_peer
systemctl start packetsentryd
ctl start -d --name night -i eth0 -f dns -o /home/alice/night.pcap
worker=$(pgrep -P "$(main_pid)")
ask one.example
wait_until 5 "the rows" job_is night '.ledger.saved == 2'

dpkg --remove packetsentry >"$OUT/remove" 2>&1
wait_until 5 "the worker's end" test ! -d "/proc/$worker"
[[ ! -e /run/packetsentry/control.sock ]] || fail "the socket stays after remove"
[[ -f /etc/packetsentry/packetsentryd.toml && -d /var/lib/packetsentry/jobs ]] || fail "remove took too much"
! systemctl is-active --quiet packetsentryd.socket || fail "the socket unit stays after remove"

mkdir -p /var/lib/packetsentry/spool
echo precious >/var/lib/packetsentry/spool/segment
cp -a /var/lib/dpkg /var/lib/dpkg.removed
touch /etc/packetsentry/keep-data
dpkg --purge packetsentry >"$OUT/purge" 2>&1
[[ -f /var/lib/packetsentry/spool/segment ]] || fail "purge took captured data that was to stay"
expect_line "$OUT/purge" 'captured packets stay'
expect_equal "what else is left in the state" spool "$(ls /var/lib/packetsentry)"

# Once more, with nobody asking for them.
rm -r /var/lib/dpkg && mv /var/lib/dpkg.removed /var/lib/dpkg
rm -f /etc/packetsentry/keep-data
dpkg --purge packetsentry >"$OUT/purge" 2>&1
for path in /etc/packetsentry /run/packetsentry /var/lib/packetsentry; do
    [[ ! -e $path ]] || fail "purge left $path"
done
expect_equal "links of units" "" "$(find /etc/systemd /var/lib/systemd/deb-systemd-helper-* -name 'packetsentry*' 2>/dev/null)"
expect_equal "packets of alice's own file" 2 "$(tcpdump -nr /home/alice/night.pcap 2>/dev/null | wc -l)"
! journalctl --list-catalog 2>/dev/null | grep 7b5a165248fb43d983cb687747546e87 >/dev/null || fail "the catalog knows us still"
INSIDE
