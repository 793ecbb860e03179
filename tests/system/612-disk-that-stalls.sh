#!/usr/bin/env bash
# Expected: a disk that takes nothing for twelve seconds costs neither rows nor saved packets; one for which more waits
# than memory is there for costs saved packets, which are counted and told of. Control answers meanwhile. When the
# disk is back, the file has all packets that are counted as saved, whole and in order.
# Runs alone: it counts what is lost under load.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

[[ -c /dev/fuse ]] || skip "there is no /dev/fuse"
start_daemon
begin_stall() { # SECONDS
    rm -f "$TEMP/stored.pcap"
    start_stalling_file 2 "$1" "$TEMP/stored.pcap"
    wait_until 10 "the capture" grep -q sent "$OUT/hung.out"
    ping_a 1
    wait_until 5 "packets in the file" shows_number stalls .ledger.saved 1
}
expect_file_as_counted() {
    ctl stop stalls
    expect_status 0
    expect_equal "saved and not saved" "$(job_number stalls .ledger.recorded)" \
        "$(job_number stalls '.ledger | .saved + .not_saved')"
    expect_equal "packets in the file" "$(job_number stalls .ledger.saved)" \
        "$(capinfos -McT "$TEMP/stored.pcap" 2>"$OUT/capinfos.err" | tail -n 1 | cut -f 2)"
    expect_equal "restarts" 0 "$(job_number stalls .worker_restarts)"
    kill -KILL "${PIDS[hung]}"
    wait "${PIDS[hung]}" 2>/dev/null || true
}

begin_stall 12
write_capture "$TEMP/flood.pcap" 30000
in_b tcpreplay -q --preload-pcap --topspeed -i eth0 "$TEMP/flood.pcap" >"$OUT/tcpreplay.out" 2>&1
wait_until 5 "all rows while the disk stalls" shows_number stalls .ledger.recorded 30000
(($(job_number stalls .ledger.saved) < 1000)) || fail "the disk does not stall, so nothing was tried"
expect_quick 10 "requests" expect_served "while a disk stalls"
wait_until 20 "the disk to be back" shows_number stalls .ledger.saved 30000
expect_equal "not saved" 0 "$(job_number stalls .ledger.not_saved)"
expect_equal "dropped and shed" 0 "$(job_number stalls '.ledger | .dropped_by_kernel + .shed')"
expect_file_as_counted

# About 29 MB, four times.
write_capture "$TEMP/large.pcap" 30000 1400
begin_stall 8
in_b tcpreplay -q --preload-pcap --topspeed --loop=4 -i eth0 "$TEMP/large.pcap" >"$OUT/tcpreplay.out" 2>&1
wait_until 10 "the word of it" grep -q 'job stalls: the output is too slow' "$TEMP/daemon.log"
expect_line "$TEMP/daemon.log" 'job stalls: the output is too slow for what is captured: packets are not saved until'
wait_until 20 "the disk to be back" shows_number stalls .ledger.saved 10000
(($(job_number stalls .ledger.not_saved) > 0)) || fail "packets that were not saved are not counted"
expect_file_as_counted
