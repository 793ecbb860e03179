#!/usr/bin/env bash
# Expected: of a job's two interfaces one is removed: the job is degraded and captures on the other without a
# gap; made again, it is taken up by a handover that loses nothing of the other.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
ctl start -d -i eth0 -i eth1 --bpf 'udp dst portrange 20000-49999' --name both
expect_status 0
degraded() { show_job both | jq -e '.state == "degraded"' >/dev/null; }
send_numbered 20000 15000 1500 >/dev/null &
sender=$!
sleep 1
ip -n "$NS_A" link del eth1
wait_until 3 "the job to be degraded" degraded
cable eth1 10.78.0
wait_until 6 "the job to be whole" job_runs both
wait "$sender"
wait_until 5 "all packets of the other interface" shows_number both .ledger.recorded 15000
expect_equal "recorded" 15000 "$(job_number both .ledger.recorded)"
in_b python3 "$SUPPORT/send_numbered.py" 10.78.0.1 40000 10
wait_until 5 "packets of the one that is back" shows_number both .ledger.recorded 15010
