#!/usr/bin/env bash
# Expected: the disk of state and spool takes nothing for twelve seconds (LONG: twenty). The capture does not notice: it
# reads on, and what waits for the disk is kept when that is back. Where more waits than memory is there for, rows are
# not kept, which is told and counted exactly. Meanwhile requests are answered as before, and what is on the disk is found.
# Runs alone: it counts what is lost under load, and measures.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

hang=12
[[ -z ${LONG:-} ]] || hang=20
jobs="$TEMP/jobs" disk="$TEMP/state"
mkdir -p -m 0755 "$jobs" "$TEMP/images"
printf 'interface = ["eth0"]\nfilter = { bpf = "net 10.9.0.0/16" }\nreaders = { groups = ["%s"] }\n[keep.packets]\nage = "1d"\n' \
    "$SOCKET_GROUP" >"$jobs/lab.toml"
truncate -s 1G "$TEMP/images/hangs"
mkfs.ext4 -q "$TEMP/images/hangs" || skip "mkfs.ext4 is not installed"
mount_image "$TEMP/images/hangs" "$disk"
printf 'log_level = "debug"\n[spool]\nbytes = "800MiB"\nfree_disk = "1MiB"\n' >"$TEMP/packetsentryd.toml"

freeze() {
    fsfreeze --freeze "$disk" || skip "this file system cannot be frozen"
    tell_time
    frozen=$NOW
}
thaw() {
    frozen=
    fsfreeze --unfreeze "$disk"
}
clean_up() { [[ -z ${frozen:-} ]] || thaw; }

longest_pause() { # in ms
    sed -n 's/.* longest pause between two reads was \([0-9]*\) us$/\1/p' "$TEMP/daemon.log" | sort -n |
        awk 'END { printf "%d", $1 / 1000 }'
}
rows_found() {
    ctl search -T fields -e event.sequence
    expect_status 0
    rows=$(wc -l <"$OUT/ctl.out")
    expect_equal "rows found twice" "" "$(uniq -d "$OUT/ctl.out")"
}
finds() { # ROWS
    rows_found
    ((rows == $1))
}
flood() { # TIMES
    in_b tcpreplay -q --preload-pcap --topspeed --loop="$1" -i eth0 "$TEMP/flood.pcap" >"$OUT/tcpreplay.out" 2>&1
}
# Until the disk has hung for so long.
serve_for() { # SECONDS
    local begin slowest=0
    tell_time
    until ((NOW - frozen >= $1 * 1000000)); do
        begin=$NOW
        serve_round
        tell_time
        ((NOW - begin <= slowest)) || slowest=$((NOW - begin))
    done
    echo "the slowest round of requests took $((slowest / 1000)) ms"
    ((slowest < 1000000)) || fail "a round of requests took $((slowest / 1000)) ms"
}
serve_round() {
    CTL_AS=other ctl status
    expect_status 0
    CTL_AS=other ctl list
    expect_status 0
    CTL_AS=root ctl show lab
    expect_status 0
}
all_read() { [[ $(job_number lab '.ledger | .recorded + .dropped_by_kernel') == "$1" ]]; } # PACKETS

start_daemon --config "$TEMP/packetsentryd.toml" --jobs-dir "$jobs"
wait_until 5 "the job" job_runs lab
write_capture "$TEMP/flood.pcap" 30000 1000
flood 1
wait_until 10 "the packets" all_read 30000
rows_found
before=$rows

# About 20 MB, for which memory has room. What is on the disk is found meanwhile.
freeze
flood 1
wait_until 10 "all packets while the disk hangs" all_read 60000
rows_found
expect_at_least "rows found while the disk hangs" "$before" "$rows"
serve_for "$hang"
thaw
recorded=$(job_number lab .ledger.recorded)
wait_until 10 "all rows" finds $((before + recorded - 30000))
expect_equal "dropped and shed" 0 "$(job_number lab '.ledger | .dropped_by_kernel + .shed')"
expect_equal "rows not kept" 0 "$(job_number lab .ledger.not_kept)"
expect_equal "restarts" 0 "$(job_number lab .worker_restarts)"
echo "the longest pause of the capture was $(longest_pause) ms, while the disk took nothing for $hang s"
(($(longest_pause) < 1000)) || fail "the capture has waited for the disk"

# About 120 MB. Another segment is due, so that the thread of the catalogue waits for the disk too.
freeze
flood 6
wait_until 20 "all packets while the disk hangs" all_read 240000
expect_line "$TEMP/daemon.log" 'job lab: rows are not kept in the spool until it accepts more: its disk is too slow'
serve_for 6
thaw
balances() {
    rows_found
    recorded=$(job_number lab .ledger.recorded)
    not_kept=$(job_number lab .ledger.not_kept)
    ((not_kept > 0 && rows + not_kept == recorded))
}
wait_until 20 "each row to be found or counted" balances
echo "$recorded recorded: $rows found, $not_kept not kept"
expect_at_least "rows that memory had room for" 60000 $((rows - 60000))
expect_equal "rows in the gap" "$not_kept" "$(show_job lab | jq '[.gaps[] | select(.cause == "not_kept") | .packets] | add')"
(($(longest_pause) < 1000)) || fail "the capture has waited for the disk: $(longest_pause) ms"
