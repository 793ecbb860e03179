#!/usr/bin/env bash
# A policy that lets somebody start captures and stop none: Ctrl-C ends one's own capture in the foreground at once
# and in order, since it ends with its client in any case; a job in the background is not stopped.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "filter", "save"]
END
start_daemon_with_policy

start_capture mine start -i eth0 -f icmp -o mine.pcapng
ping_a 5
wait_until 5 "the pings" has_lines 10 "$OUT/mine.out" ' - ICMP '
interrupt mine
expect_status 0
expect_line "$OUT/mine.out" 'PacketSentry stopped by user$'
expect_line "$OUT/mine.out" 'Packets saved to mine\.pcapng$'
expect_equal "packets saved" 10 "$(tcpdump -nr "$WORK/mine.pcapng" 2>/dev/null | wc -l)"
expect_no_line "$OUT/mine.err" 'may not|allow|refused'
expect_line "$TEMP/daemon.log" 'job 1 \(id 1\) stopped by uid'

ctl start -d -i eth0 -f icmp --name theirs
expect_status 0
ctl stop theirs
expect_status 5
expect_one_error "$OUT/ctl.err" "rule 1 \($POLICY:1\) does not allow 'stop'"
job_runs theirs || fail "the job in the background was stopped"
