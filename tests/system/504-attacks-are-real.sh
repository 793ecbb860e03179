#!/usr/bin/env bash
# The attacks of 501 on a worker that has dropped its privileges, with no sandbox: a frame is injected, a
# program's memory made executable. So it is the sandbox that 501 shows at work.
# Runs alone: it takes the machine to its limits.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

use_worker unconfined
in_b tcpdump -i eth0 -U -w "$TEMP/injected.pcap" ether proto 0x88b5 2>"$TEMP/tcpdump.log" &
wait_until 10 "tcpdump" grep -q listening "$TEMP/tcpdump.log"
start_daemon
for name in inject-write inject-sendto inject-dup executable-memory dumpable; do
    expect_attack succeeded "$name"
done
injected() { (($(tcpdump -nr "$TEMP/injected.pcap" 2>/dev/null | grep -c 0x88b5) == 3)); }
wait_until 5 "the injected frames" injected
expect_attack_aside succeeded executable-memory
# What holds without it: the filter is locked, no descriptor and no process is to be had, no right is left.
expect_attack 'Operation not permitted' detach-filter
expect_attack 'Operation not permitted' replace-filter
expect_attack 'Operation not permitted' packet-socket
expect_attack 'Too many open files' open /etc/passwd
