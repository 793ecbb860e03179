#!/usr/bin/env bash
# Expected: a job's interface gets another name, and another interface gets its former one. Each further worker of the
# job, for another filter or after a crash, captures on the interface that the job began on: rows, file and list have
# its present name. Once that interface is gone the job waits for the name it had last, and says so, whoever has the
# former one. A restart of the daemon changes nothing of that.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

interface_of_job() { [[ $(job_number hands '.interfaces[0]') == "\"$1\"" ]]; }
ping_over() { in_b ping -q -n -i 0.01 -c 3 "$1" >/dev/null; }
rows_of() { jq -s --arg name "$1" 'map(select(.observer.ingress.interface.name == $name)) | length' "$OUT/rows.out"; }

# The interface gets the new name, and the other one the name that has become free.
pass_on() { # NAME NEW_NAME OTHER
    ip -n "$NS_A" link set "$1" down
    ip -n "$NS_A" link set "$3" down
    ip -n "$NS_A" link set "$1" name "$2"
    ip -n "$NS_A" link set "$3" name "$1"
    ip -n "$NS_A" link set "$2" up
    ip -n "$NS_A" link set "$1" up
}

start_daemon
ctl start -d -i eth0 -f icmp --name hands -o hands.pcapng
expect_status 0
start_ctl rows follow hands --json
ping_over 10.77.0.1
wait_until 3 "the first pings" shows_number hands .ledger.recorded 6

pass_on eth0 lan9 eth1
wait_until 3 "the list to have the new name" interface_of_job lan9
wait_until 5 "the first cable" in_b ping -q -n -c 1 -W 1 10.77.0.1
wait_until 5 "the second cable" in_b ping -q -n -c 1 -W 1 10.78.0.1

ctl filter hands --bpf 'icmp or icmp6'
expect_status 0
ping_over 10.78.0.1
ping_over 10.77.0.1
wait_until 3 "rows under the new name" sh -c "grep -c lan9 '$OUT/rows.out' | grep -qv '^[0-5]$'"
kill -KILL "$(worker_pid)"
wait_until 5 "the job to go on" grep -q 'the capture goes on' "$OUT/rows.err"
ping_over 10.78.0.1
ping_over 10.77.0.1
wait_until 3 "rows of the third worker" sh -c "[ \$(grep -c lan9 '$OUT/rows.out') -ge 12 ]"
expect_equal "rows of the other interface" 0 "$(grep -c '10\.78\.' "$OUT/rows.out" || true)"

# While no daemon runs, too.
stop_daemon
wait_for rows
pass_on lan9 far eth0
start_daemon
wait_until 5 "the job to run again" job_state_is hands running
interface_of_job far || fail "after a restart of the daemon the job captures on another interface"
start_ctl rows follow hands --json
wait_until 5 "the first cable" in_b ping -q -n -c 1 -W 1 10.77.0.1
wait_until 5 "the second cable" in_b ping -q -n -c 1 -W 1 10.78.0.1
ping_over 10.78.0.1
ping_over 10.77.0.1
wait_until 3 "rows after the restart" sh -c "[ \$(grep -c far '$OUT/rows.out') -ge 6 ]"
expect_equal "rows of the other interface" 0 "$(grep -c '10\.78\.' "$OUT/rows.out" || true)"

ip -n "$NS_A" link del far
wait_until 3 "the word of it" grep -q "waits for 'far'" "$OUT/rows.err"
wait_until 3 "the job to wait" job_state_is hands waiting
sleep 1.5
job_state_is hands waiting || fail "the job has taken an interface that is not its own"
ctl stop hands
expect_status 3  # no file outlives a daemon that no service manager starts again
wait_for rows
tcpdump -nr "$WORK/hands.pcapng" 2>/dev/null >"$OUT/saved.out"
expect_no_line "$OUT/saved.out" '10\.78\.'
capinfos "$WORK/hands.pcapng" >"$OUT/capinfos.out" 2>&1
expect_line "$OUT/capinfos.out" 'Name = eth0'
expect_line "$OUT/capinfos.out" 'Name = lan9'
