#!/usr/bin/env bash
# A worker whose dissector is in an attacker's hands: nothing it tries happens. What only an attack would
# try ends it; what libraries may try by themselves is refused. Its siblings notice nothing.
# Runs alone: it takes the machine to its limits.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

use_worker taken-over
in_b tcpdump -i eth0 -w "$TEMP/injected.pcap" ether proto 0x88b5 2>"$TEMP/tcpdump.log" &
wait_until 10 "tcpdump" grep -q listening "$TEMP/tcpdump.log"
start_daemon
ctl start -d -i eth0 --bpf "udp portrange 3000-3009" --name sibling -o sibling.pcap
expect_status 0
sibling=$(worker_pid)
send_numbered 3000 10
wait_until 5 "the saved packets" shows_number sibling .ledger.saved 10
before=$(sha256sum <"$WORK/sibling.pcap")

for name in packet-socket inet-socket bind detach-filter replace-filter promiscuous fork clone3 \
    executable-memory dumpable raise-limit io-uring \
    inject-write inject-writev inject-pwrite inject-sendto inject-sendmsg inject-dup inject-fcntl; do
    expect_attack killed "$name"
done
for name in ptrace kill tgkill pidfd read-memory; do
    expect_attack killed "$name" "$sibling"
    expect_attack killed "$name" "$DAEMON_PID"
done
for name in packet-socket fork executable-memory inject-write; do expect_attack_aside killed "$name"; done
expect_attack_aside killed read-memory "$DAEMON_PID"
expect_attack_aside 'Permission denied' write-file "$WORK/sibling.pcap"
expect_attack_aside succeeded honest-allocations
expect_attack killed connect "$SOCKET"
expect_attack killed exec /bin/true
expect_attack 'Permission denied' open /etc/shadow
expect_attack 'Permission denied' open /etc/passwd
expect_attack 'Permission denied' write-file "$WORK/sibling.pcap"
expect_attack 'Permission denied' write-file "/proc/$sibling/fd/4"
expect_attack 'Function not implemented' unknown-call
for name in allocations stack exception time-zone locale; do expect_attack succeeded "honest-$name"; done

job_runs sibling || fail "a sibling of the attacked workers ended"
expect_equal "the sibling's file" "$before" "$(sha256sum <"$WORK/sibling.pcap")"
sleep 0.2
expect_equal "frames injected" 0 "$(tcpdump -nr "$TEMP/injected.pcap" 2>/dev/null | wc -l)"
