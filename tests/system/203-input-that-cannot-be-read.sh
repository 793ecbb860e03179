#!/usr/bin/env bash
# A missing or unreadable file, a directory, a device, something that is no capture: one line, status 3.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

install -m 600 /dev/null "$WORK/secret.pcap"
mkdir "$WORK/folder"
echo 'this is no capture file, whatever its name says' >"$WORK/text.pcap"
: >"$WORK/empty.pcap"
for input in missing.pcap secret.pcap folder /dev/zero /dev/tty text.pcap empty.pcap; do
    ctl -r "$input"
    expect_status 3
    expect_one_error "$OUT/ctl.err" "${input##*/}"
done
ctl -r "$(printf 'odd\033[31m\nname.pcap')"
expect_status 3
expect_equal "lines" 1 "$(wc -l <"$OUT/ctl.err")"
expect_plain_text "$OUT/ctl.err"
