#!/usr/bin/env bash
# The unit's exposure is at most 1.4, and under it all of a capture works: an interface, any, several jobs
# at once, interface counters, a worker that dies; CAP_NET_RAW is the daemon's only right, a worker has none.
. "$(dirname "${BASH_SOURCE[0]}")/../support/lab.sh"

lab <<'INSIDE'
make_users
make_peer
systemctl start packetsentryd
systemd-analyze security --threshold=14 packetsentryd >"$OUT/security" || fail "$(tail -n 1 "$OUT/security")"
tail -n 1 "$OUT/security"

sets() { sed -n 's/^Cap\(Inh\|Prm\|Eff\|Bnd\|Amb\):\t//p' "/proc/$1/status" | sort -u | paste -sd' '; }
ctl start -d --name one -i eth0 -f dns
ctl start -d --name all -i any -f dns
ctl start -d --name two -i eth0 -i lo
expect_status 0
expect_equal "the daemon's capabilities" 0000000000002000 "$(sets "$(main_pid)")"
mapfile -t workers < <(pgrep -P "$(main_pid)")
expect_equal "workers" 3 "${#workers[@]}"
for worker in "${workers[@]}"; do
    expect_no_capabilities "$worker"
    expect_equal "Seccomp of a worker" 2 "$(status_field "$worker" Seccomp)"
done
ask one.example
for name in one all two; do
    wait_until 5 "rows of $name" job_is "$name" '.ledger.recorded >= 2 and .ledger.received >= 2'
done
ctl interfaces
expect_status 0
expect_line "$OUT/ctl.out" '^eth0 '

kill -SEGV "$(pgrep -o -P "$(main_pid)")"
wait_until 5 "the worker's successor" job_is one '.state == "running" and .worker_restarts == 1'
ask two.example
wait_until 5 "more rows of another job" job_is all '.ledger.recorded >= 4'
expect_equal "state of the unit" active "$(systemctl is-active packetsentryd)"
INSIDE
