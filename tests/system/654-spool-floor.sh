#!/usr/bin/env bash
# Expected: other programs fill the disk of the spool until less than free_disk is free. The oldest packets go until as much
# is free again, all rows stay and are found, a question says since when packets are there, and new rows are kept. If the
# others take even that, all but the segment that is being written goes, which is said, and new rows are kept still.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

jobs="$TEMP/jobs" spool="$TEMP/small" floor=60
mkdir -p -m 0755 "$jobs" "$TEMP/images"
printf 'interface = ["eth0"]\nfilter = { bpf = "net 10.9.0.0/16" }\nreaders = { groups = ["%s"] }\n[keep.packets]\nage = "1d"\n' \
    "$SOCKET_GROUP" >"$jobs/lab.toml"
truncate -s 200M "$TEMP/images/small"
mkfs.ext4 -q -m 0 "$TEMP/images/small" || skip "mkfs.ext4 is not installed"
mount_image "$TEMP/images/small" "$spool"
printf '[spool]\ndirectory = "%s/spool"\nbytes = "64MiB"\nfree_disk = "%sMiB"\n' "$spool" "$floor" >"$TEMP/packetsentryd.toml"

free_mib() { df --output=avail -BM "$spool" | tail -n 1 | tr -dc 0-9; }
segments() { find "$spool/spool" -name '*.rows' | wc -l; }
is_free() { (($(free_mib) >= floor)); }
fill_up_to() { fallocate -l "$(($(free_mib) - $2))M" "$spool/filler-$1"; } # NAME MIB
numbers() {
    ctl search -T fields -e event.sequence "$@"
    expect_status 0
}
send() {
    in_b tcpreplay -q --preload-pcap --pps=20000 --loop="$1" -i eth0 "$TEMP/flood.pcap" >"$OUT/tcpreplay.out" 2>&1
}
has() { [[ $(job_number lab .ledger.recorded) == "$1" ]]; }

start_daemon --config "$TEMP/packetsentryd.toml" --jobs-dir "$jobs"
wait_until 5 "the job" job_runs lab
write_capture "$TEMP/flood.pcap" 15000 1400
send 3
wait_until 10 "all packets" has 45000
before=$(segments)
expect_at_least "segments" 4 "$before"
numbers
expect_equal "rows before" 45000 "$(wc -l <"$OUT/ctl.out")"
expect_no_line "$OUT/ctl.err" 'cannot' # the files of the next segment are empty still

fill_up_to 1 $((floor - 20))
wait_until 20 "room on the disk" is_free
numbers -o left.pcapng
expect_equal "rows" 45000 "$(wc -l <"$OUT/ctl.out")"
packets=$(tcpdump -nr "$WORK/left.pcapng" 2>/dev/null | wc -l)
((packets > 0 && packets < 45000)) || fail "$packets packets are left of 45000"
expect_line "$OUT/ctl.err" 'the packets themselves since'
(($(free_mib) < floor + 20)) || fail "more was removed than needed: $(free_mib) MiB are free"
send 1
wait_until 10 "packets afterwards" has 60000
ctl search --last 15000 -T fields -e event.sequence
expect_equal "rows afterwards" "$(seq 45001 60000 | md5sum)" "$(md5sum <"$OUT/ctl.out")"

fill_up_to 2 20
few_are_left() { (($(segments) <= 2)); }
wait_until 20 "the closed segments to go" few_are_left
numbers
expect_line "$OUT/ctl.err" 'no longer kept'
in_b tcpreplay -q --preload-pcap --topspeed --limit=500 -i eth0 "$TEMP/flood.pcap" >"$OUT/tcpreplay.out" 2>&1
wait_until 5 "the last packets" has 60500
ctl search --last 500 -T fields -e event.sequence
expect_equal "the last rows" "$(seq 60001 60500 | md5sum)" "$(md5sum <"$OUT/ctl.out")"
expect_equal "rows not kept" 0 "$(job_number lab .ledger.not_kept)"
