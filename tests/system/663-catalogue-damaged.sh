#!/usr/bin/env bash
# Expected: a catalogue with noise in a record, cut in one, with noise in its header, or removed costs no row: segments
# whose record is lost belong to root until their retention, and all others to whom they belonged. A catalogue of a newer
# version is not changed, what is in its directory is not searched, and this is told: to root by its name, and to others
# without it. Other jobs are searched as always.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_capture "$TEMP/past.pcap" 300
for job in 11 12 13 14 15 16; do record_past "$job" "job$job" 100 "$TEMP/past.pcap"; done
of_member() { # JOB: how many rows a member finds; then root
    ctl search --job "$1" --json
    printf '%s ' "$(wc -l <"$OUT/ctl.out")"
    CTL_AS=root ctl search --job "$1" --json
    wc -l <"$OUT/ctl.out"
}
for job in 11 12 13 14 15 16; do
    [[ -s $SPOOL/$job/catalogue ]] || fail "no catalogue"
    # Each segment has three records: begun, closed, indexed.
    expect_equal "records" 9 "$(grep -aob SCRD "$SPOOL/$job/catalogue" | wc -l)"
done
at_record() { grep -aob SCRD "$SPOOL/$1/catalogue" | sed -n "$2s/:.*//p"; } # JOB NTH

for record in 4 5 6; do overwrite "$SPOOL/11/catalogue" $(($(at_record 11 "$record") + 8)) 100; done # of segment 2
# The one of segment 3 is not there to its end.
for record in 7 8; do overwrite "$SPOOL/12/catalogue" $(($(at_record 12 "$record") + 8)) 100; done
truncate -s $(($(at_record 12 9) + 50)) "$SPOOL/12/catalogue"
overwrite "$SPOOL/13/catalogue" 16 16
rm "$SPOOL/14/catalogue"
"$BIN/forge_spool" newer "$SPOOL/15/catalogue"
newer=$(md5sum <"$SPOOL/15/catalogue")

expect_the_same() {
    expect_equal "noise in records" "200 300" "$(of_member 11)"
    expect_equal "cut" "200 300" "$(of_member 12)"
    expect_equal "noise in the header" "0 300" "$(of_member 13)"
    expect_equal "removed" "0 300" "$(of_member 14)"
    expect_equal "another job" "300 300" "$(of_member 16)"
    ctl search --job 15
    expect_status 7
    ctl search
    expect_equal "what a member finds" 700 "$(wc -l <"$OUT/ctl.out")"
    expect_line "$OUT/ctl.err" 'cannot read a part of the spool: what a job has kept cannot be used; the log of packetsentryd says why$'
    CTL_AS=root ctl search
    expect_equal "what root finds" 1500 "$(wc -l <"$OUT/ctl.out")"
    expect_line "$OUT/ctl.err" "cannot read a part of the spool: '$SPOOL/15/catalogue' has version 2 of the format, and this program reads version 1: catalogue of a spool$"
    expect_equal "the catalogue of a newer version" "$newer" "$(md5sum <"$SPOOL/15/catalogue")"
}
start_daemon
expect_the_same
expect_line "$TEMP/daemon.log" "'$SPOOL/11/catalogue' has [0-9]+ damaged bytes; segments of which nothing else is known belong to root"
expect_line "$TEMP/daemon.log" "'$SPOOL/13/catalogue' is damaged, and is called 'catalogue.damaged' now"
expect_line "$TEMP/daemon.log" "'$SPOOL/15/catalogue' has version 2 of the format"
[[ -s $SPOOL/13/catalogue.damaged ]] || fail "the damaged catalogue is gone"
stop_daemon
start_daemon
expect_the_same

# The identity of the spool: without it, and with one of a newer version, the daemon leaves the spool alone and says so.
stop_daemon
mv "$SPOOL/spool" "$TEMP/identity"
start_daemon
ctl search
expect_status 3
expect_one_error "$OUT/ctl.err" 'nothing is kept, because the spool cannot be used'
CTL_AS=root ctl status
expect_line "$OUT/ctl.out" "has jobs, but its file 'spool' is missing, without which nothing of them can be read"
stop_daemon
cp -p "$TEMP/identity" "$SPOOL/spool"
"$BIN/forge_spool" newer "$SPOOL/spool"
start_daemon
CTL_AS=root ctl status
expect_line "$OUT/ctl.out" "'$SPOOL/spool' has version 2 of the format, and this program reads version 1: identity of a spool"
stop_daemon
cp -p "$TEMP/identity" "$SPOOL/spool"
start_daemon
expect_the_same
