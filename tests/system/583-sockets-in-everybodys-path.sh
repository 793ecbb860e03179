#!/usr/bin/env bash
# A member takes all the packet sockets and filter instructions that there are for one user: an interface is captured
# on once a job, further sockets and longer filters are refused, and another user's datagrams still get through at a
# quarter of their rate at least. Root has no such limits.
# Runs alone: it measures a rate.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"
. "$SUPPORT/rate.sh"

start_daemon
ctl start -d -i eth0 -i eth0
expect_status 2
expect_one_error "$OUT/ctl.err" "the interface 'eth0' is named twice"
ctl start -d -i any -i eth0
expect_status 2
expect_one_error "$OUT/ctl.err" "'any' is all interfaces"

# One filter may have 2,048 instructions, those of one user on one interface 4,096 together.
ctl start -d -i eth0 --bpf "$(long_filter 560)"
expect_status 4
expect_one_error "$OUT/ctl.err" 'the filter is too long: the kernel would run up to [0-9]* instructions for each packet; the limit is 2048'
undisturbed=$(best_rate)
for number in 1 2 3 4 5 6 7 8; do
    ctl start -d -i eth0 --bpf "$(long_filter 90)" --name "long$number"
    expect_status 0
done
ctl start -d -i eth0 --bpf "$(long_filter 90)"
expect_status 1
expect_one_error "$OUT/ctl.err" "your captures have 8 packet sockets on 'eth0', which is the limit \(captures.sockets_per_interface\)"
ctl start -d -i any
expect_status 1
expect_one_error "$OUT/ctl.err" "8 packet sockets on 'any'"
ctl status
expect_line "$OUT/ctl.out" '^Packet sockets: +8; yours 8, at most 8 on an interface and 64 in all$'
expect_line "$OUT/ctl.out" '^Kernel filters: +[0-9]+ instructions; yours [0-9]+, at most 4096 on an interface$'
used=$(sed -n 's/^Kernel filters.*yours \([0-9]*\),.*/\1/p' "$OUT/ctl.out")
((used > 3500)) || fail "the limit of instructions is not used up: $used of 4096"
ctl filter long1 --bpf "$(long_filter 300)"
expect_status 4
expect_one_error "$OUT/ctl.err" "the filters of your captures on 'eth0' have [0-9]* instructions together; the limit is 4096"
job_runs long1 || fail "a filter that was refused ended the job"
ctl filter long1 --bpf "$(long_filter 89)"
expect_status 0

disturbed=$(best_rate)
echo "datagrams a second: $undisturbed undisturbed, $disturbed with $used instructions on 8 sockets"
((disturbed * 4 >= undisturbed)) || fail "another user's rate fell from $undisturbed to $disturbed datagrams a second"

# The same sockets, and everything is captured.
for number in 1 2 3 4 5 6 7 8; do ctl filter "long$number" --bpf 'len > 1'; done
captured=$(best_rate)
echo "datagrams a second: $captured with 8 captures of everything"
((captured * 4 >= undisturbed)) || fail "another user's rate fell from $undisturbed to $captured datagrams a second"

CTL_AS=other ctl start -d -i eth0 -f arp
expect_status 0
for _ in 1 2 3 4 5 6 7 8 9; do
    CTL_AS=root ctl start -d -i eth0 -f arp
    expect_status 0
done
ctl stop --all
expect_status 0
ctl start -d -i eth0 -f arp
expect_status 0
