#!/usr/bin/env bash
# A journal that is stopped holds up neither the control process nor a capture; what it did not take is
# counted and told once it goes on.
. "$(dirname "${BASH_SOURCE[0]}")/../support/lab.sh"

lab <<'INSIDE'
make_users
make_peer
printf 'log_level = "debug"\n[clients]\nmax_per_user = 4\n' >/etc/packetsentry/packetsentryd.toml
systemctl restart packetsentryd
ctl start -d --name night -i eth0 -f dns
kill -STOP "$(systemctl show -P MainPID systemd-journald)"
for ((i = 0; i < 100; ++i)); do ctl status || true; done
cat >"$OUT/hellos.py" 2>/dev/null <<'NONE' || true
NONE
for ((i = 0; i < 300; ++i)); do
    packetsentryctl status >/dev/null
done
expect_status 0
for ((i = 0; i < 10; ++i)); do ask "n$i.example"; done
wait_until 5 "the rows" job_is night '.ledger.recorded >= 20 and .ledger.shed == 0 and .ledger.dropped_by_kernel == 0'
ctl stop night
expect_status 0
kill -CONT "$(systemctl show -P MainPID systemd-journald)"
wait_until 10 "the lines that waited" sh -c 'journalctl -q -u packetsentryd -o cat | grep "job night .* stopped by uid"'
INSIDE
