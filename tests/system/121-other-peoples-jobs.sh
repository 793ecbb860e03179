#!/usr/bin/env bash
# A member sees and stops his own jobs; another member's are not his; root may do all.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
ctl start -d -i eth0 -f icmp --name mine
expect_status 0
CTL_AS=other ctl list
expect_no_line "$OUT/ctl.out" mine
for command in show stop follow results; do
    CTL_AS=other ctl $command mine
    [[ $STATUS == 5 || $STATUS == 7 ]] || fail "$command of another's job: status $STATUS"
done
CTL_AS=other ctl stop --all
job_runs mine || fail "another member stopped the job"
CTL_AS=root ctl show mine
expect_status 0
CTL_AS=root ctl stop mine
expect_status 0
