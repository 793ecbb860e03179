#!/usr/bin/env bash
# -o that cannot be written: one line, status 3, before anything is captured; live and from a file.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
write_capture "$WORK/some.pcap" 9
install -d -m 555 "$WORK/closed"
mkdir "$WORK/folder.pcap"
ln -s /dev/full "$WORK/device.pcap"
for source in "start -i eth0 -c 1" "-r some.pcap"; do
    for output in closed/x.pcap missing/x.pcap folder.pcap device.pcap; do
        # shellcheck disable=SC2086
        ctl $source -o "$output"
        expect_status 3
        expect_one_error "$OUT/ctl.err" "${output##*/}"
    done
done
ctl start -i eth0 -c 1 -o noending
expect_status 1
ctl list
expect_no_line "$OUT/ctl.out" '[Rr]unning'

# A capture that cannot begin leaves an earlier file as it was.
cp "$WORK/some.pcap" "$TEMP/before"
install -o "${USER_ID[member]}" "$WORK/some.pcap" "$WORK/earlier.pcap"
for words in "start -i eth9" "start -i eth0 --bpf nonsense" "read missing.pcap" "read some.pcap --bpf nonsense"; do
    # shellcheck disable=SC2086
    ctl $words -o earlier.pcap
    ((STATUS != 0)) || fail "'$words' succeeded"
    cmp -s "$WORK/earlier.pcap" "$TEMP/before" || fail "'$words', which failed, emptied its output file"
done
ctl -r some.pcap -o some.pcap
expect_status 3
cmp -s "$WORK/some.pcap" "$TEMP/before" || fail "reading a file onto itself destroyed it"
