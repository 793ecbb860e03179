#!/usr/bin/env bash
# A journal that is stopped holds up neither the control process nor a capture, however many lines it does
# not take; once it goes on it gets those that waited, and is told how many did not.
# Runs alone: it measures time.
. "$(dirname "${BASH_SOURCE[0]}")/../support/lab.sh"

lab <<'INSIDE'
make_users
make_peer
echo 'log_level = "debug"' >/etc/packetsentry/packetsentryd.toml
systemctl restart packetsentryd
ctl start -d --name night -i eth0 -f dns
kill -STOP "$(systemctl show -P MainPID systemd-journald)"

# A request is two lines; 512 wait in the journal's socket, 4,096 in the daemon.
seq 2400 | xargs -P 2 -I '{}' packetsentryctl status >/dev/null
for ((i = 0; i < 10; ++i)); do ask "n$i.example"; done
wait_until 5 "the rows" job_is night '.ledger.recorded >= 20 and .ledger.shed == 0 and .ledger.dropped_by_kernel == 0'
ctl stop night
expect_status 0

kill -CONT "$(systemctl show -P MainPID systemd-journald)"
told() { journal -o cat | grep -E "$1" >/dev/null; }
wait_until 10 "the lines that waited" told 'job night .* stopped by uid'
wait_until 10 "the count of the others" told '^[0-9]+ lines of this log are lost, because the log did not accept them in time$'
INSIDE
