#!/usr/bin/env bash
# Exit status 2 with the list of the interfaces there are.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
ctl start -i eth9 -f dns
expect_status 2
expect_one_error "$OUT/ctl.err" 'eth9.*eth0.*eth1|eth9.*eth1.*eth0'
ctl start -i "$(printf 'e\033[31mth')"
expect_status 2
expect_plain_text "$OUT/ctl.err"
ctl start -i eth0 -i eth9
expect_status 2
expect_equal "files of captures that never began" 0 "$(find "$WORK" -name '*results*' | wc -l)"
