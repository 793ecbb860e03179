#!/usr/bin/env bash
# Exit status 4: libpcap's own message and the place in the text; an unknown word gets the list.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
write_capture "$WORK/some.pcap" 9
for source in "start -i eth0" "-r some.pcap"; do
    # shellcheck disable=SC2086
    {
        ctl $source --bpf 'tcp port 80 and udp prot 53'
        expect_status 4
        expect_one_error "$OUT/ctl.err" 'prot'
        ctl $source -f gopher
        expect_status 4
        expect_one_error "$OUT/ctl.err" 'gopher.*--bpf.*dns'
        ctl $source --filter-ip 10.77.0.300
        expect_status 4
        ctl $source --bpf "$(printf 'tcp\033[31m')"
        expect_status 4
        expect_plain_text "$OUT/ctl.err"
    }
done
ctl start -i eth0 --filter-port 70000
[[ $STATUS == 1 || $STATUS == 4 ]] || fail "port 70000: status $STATUS"
