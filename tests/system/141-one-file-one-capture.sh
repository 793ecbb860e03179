#!/usr/bin/env bash
# A file that a running job writes is no other capture's: not another job's, by whatever name it is called, nor one's
# own in the foreground, nor that of a file which is read. When the job has ended it may be replaced, and with
# --no-clobber it may not.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
ctl start -d -i eth0 -f icmp -o night.pcap --name night
expect_status 0
ping_a 2
wait_until 5 "the pings" shows_number night .ledger.saved 4
mkdir "$WORK/below"
ln -s "$WORK" "$TEMP/elsewhere"
write_capture "$TEMP/other.pcap" 3

refused() { # ARGUMENTS…
    ctl "$@"
    expect_status 3
    expect_one_error "$OUT/ctl.err" "cannot (write|save to) '.*night.pcap'.*choose another name"
}
refused start -d -i eth1 -o night.pcap
refused start -d -i eth1 -o "$WORK/below/../night.pcap"
refused start -d -i eth1 -o "$TEMP/elsewhere/night.pcap"
refused -i eth1 -c 1 -o night.pcap
refused -r "$TEMP/other.pcap" --no-files -o night.pcap
refused start -d -i eth1 -o night.pcap --no-clobber
ln -s night.pcap "$WORK/link.pcap"
ctl start -d -i eth1 -o link.pcap
expect_status 3
rm "$WORK/link.pcap"
ln "$WORK/night.pcap" "$WORK/link.pcap"
ctl start -d -i eth1 -o link.pcap
expect_status 3
rm "$WORK/link.pcap"

# The daemon itself knows files by device and inode, and not by what a client calls them.
as_user member
! (cd "$WORK" && "${AS[@]}" packetsentryctl -i eth1 -c 1 --no-files -o - >>night.pcap 2>"$OUT/append.err") ||
    fail "two captures have one file"
expect_line "$OUT/append.err" "cannot save to '-': job night is writing that file; choose another name"
expect_equal "jobs" 1 "$(as_user root; "${AS[@]}" packetsentryctl list --no-legend | wc -l)"

ping_a 2
wait_until 5 "the next pings" shows_number night .ledger.saved 8
ctl stop night
expect_status 0
expect_equal "packets in night.pcap" 8 "$(tcpdump -nr "$WORK/night.pcap" 2>/dev/null | wc -l)"

ctl start -d -i eth0 -f icmp -o night.pcap --no-clobber
expect_status 3
expect_one_error "$OUT/ctl.err" "cannot write 'night.pcap': it already exists; remove it or choose another name"
ctl -r "$TEMP/other.pcap" --no-files -o night.pcap --no-clobber
expect_status 3
expect_equal "packets in night.pcap" 8 "$(tcpdump -nr "$WORK/night.pcap" 2>/dev/null | wc -l)"
ctl -r "$TEMP/other.pcap" --no-files -o new.pcap --no-clobber
expect_status 0
ctl start -d -i eth0 -f icmp -o night.pcap --name again
expect_status 0
show_job again | jq -e ".output == \"$WORK/night.pcap\"" >/dev/null || fail "the output is not told with its whole path"
ctl stop again
expect_status 0
