#!/usr/bin/env bash
# Without "save" no packet goes to a file, and the file named is not touched; without "past" one's own jobs
# tell only what comes; without "view" a job can be started and stopped and not looked into.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop", "filter"]

[[rule]]
user = [${USER_ID[other]}]
actions = ["start", "stop", "filter"]
END
start_daemon_with_policy

echo 'as it was' >"$WORK/file.pcap"
chown "${USER_ID[member]}" "$WORK/file.pcap"
ctl start -d -i eth0 -o file.pcap
expect_status 5
expect_one_error "$OUT/ctl.err" "does not allow 'save'"
expect_equal "the file" 'as it was' "$(cat "$WORK/file.pcap")"
for option in -x -X -A; do
    ctl start -i eth0 -f icmp -c 1 "$option"
    expect_status 5
    expect_one_error "$OUT/ctl.err" "does not allow 'save'"
done
ctl start -d --name mine -i eth0 -f icmp
expect_status 0
ping_a 3
wait_until 5 "the pings" shows_number mine .ledger.recorded 6
ctl results mine
expect_status 5
expect_one_error "$OUT/ctl.err" "you may not read the earlier rows of job mine: .* does not allow 'past'"
start_capture front start -i eth0 -f icmp -c 2 --no-files
ping_a 1
wait_for front
expect_status 0
ctl stop mine
expect_status 0
ctl results mine
expect_status 5

CTL_AS=other ctl start -i eth0 -f icmp
expect_status 5
expect_one_error "$OUT/ctl.err" "does not allow 'view'"
CTL_AS=other ctl start -d --name blind -i eth0
expect_status 0
CTL_AS=other ctl show blind
expect_status 5
CTL_AS=other ctl stop blind
expect_status 0
