#!/usr/bin/env bash
# A flood of packets that break their protocol: every one is recorded and counted, the log gets a line when
# they begin and one with the rest when the job ends.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
ctl start -d --name flood -i eth0 --bpf 'ether src 02:00:00:00:00:01'
in_b python3 "$SUPPORT/send_malformed.py" eth0 1000
wait_until 5 "the first line" has_lines 1 "$TEMP/daemon.log" 'job flood: [0-9]+ malformed packets'
in_b python3 "$SUPPORT/send_malformed.py" eth0 19000
wait_until 10 "the rows" shows_number flood .ledger.recorded 20000
wait_until 5 "their count" shows_number flood .ledger.malformed 20000
ctl stop flood
wait_until 5 "the last line" has_lines 1 "$TEMP/daemon.log" 'job flood: [0-9]+ malformed packets, 20000 in all'
expect_count 2 "$TEMP/daemon.log" 'malformed packets'
