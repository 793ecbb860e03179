#!/usr/bin/env bash
# A reboot of the machine: the enabled unit starts, and the job in the background waits for its interface,
# which comes late, and goes on; that its file is no longer written is told.
. "$(dirname "${BASH_SOURCE[0]}")/../support/lab.sh"

lab <<'INSIDE'
if [[ $BOOT == 1 ]]; then
    make_users
    make_peer
    ctl start -d --name night -i eth0 -f dns -o /home/alice/night.pcap
    expect_status 0
    ask one.example
    wait_until 5 "the rows" job_is night '.ledger.saved == 2'
    exit 133
fi
wait_until 10 "the service" systemctl is-active --quiet packetsentryd
wait_until 5 "the job" job_is night '.state == "waiting"'
make_peer
wait_until 10 "the job's return" job_is night '.state == "running"'
ask two.example
wait_until 5 "more rows" job_is night '.ledger.recorded >= 4'
expect_equal "owner" alice "$(job night .owner)"
job night '.notices[]' >"$OUT/notices"
expect_line "$OUT/notices" 'the output file did not stay open when packetsentryd restarted'
expect_equal "packets in the file" 2 "$(tcpdump -nr /home/alice/night.pcap 2>/dev/null | wc -l)"
journal -o cat >"$OUT/journal"
expect_line "$OUT/journal" "job night \(id 1\) waits: .*eth0"
INSIDE
