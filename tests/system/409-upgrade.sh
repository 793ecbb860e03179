#!/usr/bin/env bash
# An upgrade with a job running and saving: the daemon is restarted once, the job comes back by itself and
# goes on in the same file; a version that does not like the settings leaves the old daemon running. The job is
# stored as the version before the package's has stored it, which is put in place between the two daemons.
. "$(dirname "${BASH_SOURCE[0]}")/../support/lab.sh"

[[ -f ${DEB_NEXT:-} ]] || skip "no next package: DEB_NEXT=\$(REVISION=2 packaging/package.sh deb) gives one"
lab --bind "$(realpath "$DEB_NEXT"):/next.deb" --bind "$(realpath "$BIN/as_version_1"):/as_version_1" <<'INSIDE'
make_users
make_peer
systemctl start packetsentryd
ctl start -d --name night -i eth0 -f dns -o /dev/shm/night.pcapng
ask one.example
wait_until 5 "the rows" job_is night '.ledger.saved == 2'
before=$(main_pid)

echo 'nonsense = 1' >>/etc/packetsentry/packetsentryd.toml
dpkg --install --force-confold /next.deb >"$OUT/dpkg" 2>&1
expect_line "$OUT/dpkg" "unknown key '.*nonsense'"
expect_equal "process with settings it does not like" "$before" "$(main_pid)"
job_is night '.state == "running"'

mkdir /etc/systemd/system/packetsentryd.service.d
cat >/etc/systemd/system/packetsentryd.service.d/stored-before.conf <<'END'
[Service]
ExecStartPre=+/bin/sh -c '/as_version_1 /var/lib/packetsentry/jobs/[0-9]* && touch /run/was-version-1'
END
systemctl daemon-reload
sed -i '/^nonsense/d' /etc/packetsentry/packetsentryd.toml
dpkg --install --force-confold /next.deb >"$OUT/dpkg" 2>&1
[[ $(main_pid) != "$before" ]] || fail "the daemon was not restarted: $(cat "$OUT/dpkg")"
wait_until 10 "the job's return" job_is night '.state == "running"'
ask two.example
[[ -e /run/was-version-1 ]] || fail "no job was stored"
wait_until 5 "more rows in the same file" job_is night '.ledger.saved == 4'
job_is night '.filter == "udp port 53 or tcp port 53" and .ledger.recorded == 4'
ctl stop night
expect_status 0
expect_equal "packets in the file" 4 "$(tcpdump -nr /dev/shm/night.pcapng 2>/dev/null | wc -l)"
expect_equal "restarts by systemd" 0 "$(systemctl show -P NRestarts packetsentryd)"
INSIDE
