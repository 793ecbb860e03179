#!/usr/bin/env bash
# What a client shows escaped, the daemon's log has escaped too: a name that would turn the text around it.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
override=$'\u202e' hidden=$'\u200b' isolate=$'\u2066'
ctl start -d -i eth0 -f icmp -o "a${override}gpj.${hidden}x${isolate}y.pcapng"
expect_status 0
ctl stop "job${override}"
ctl --json show 1
expect_line "$TEMP/daemon.log" 'started by uid'
expect_equal "characters in the log that are not seen" 0 \
    "$(LC_ALL=C grep -acP '\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]' "$TEMP/daemon.log")"
