#!/usr/bin/env bash
# A job whose file takes no more (a full disk, a file that somebody removed, a restart) goes on, and says so: in
# list, in show with the figures and the reason, and with status 3 when it is stopped and when its rows are
# fetched; after a restart of the daemon too.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

mkdir "$WORK/small"
mount -t tmpfs -o size=256k,mode=777 none "$WORK/small" 2>/dev/null || skip "no right to mount a small file system"
start_daemon
ctl start -d -i eth0 -f udp -o small/full.pcap --name full
expect_status 0
# Pings alone: datagrams that nobody takes are answered with ICMP too.
pings=(--bpf 'icmp[icmptype] = icmp-echo or icmp[icmptype] = icmp-echoreply')
ctl start -d -i eth0 "${pings[@]}" -o gone.pcap --name gone
expect_status 0
ctl start -d -i eth0 "${pings[@]}" -o kept.pcap --name kept
expect_status 0

saves_no_more() { show_job "$1" | jq -e '.saving == false and .state == "running"' >/dev/null; }
saved() { job_number "$1" .ledger.saved; }

# Figures stay, and the reason is told.
expect_not_saving() { # JOB FILE REASON SAVED
    local packets
    ctl list
    expect_line "$OUT/ctl.out" "^[0-9]+ +$1 +running, not saving "
    ctl show "$1"
    expect_status 0
    expect_line "$OUT/ctl.out" '^State: +running, not saving$'
    expect_line "$OUT/ctl.out" "^Output: +$WORK/$2$"
    expect_line "$OUT/ctl.out" "^Saved: +$4 \([0-9.]+ [KM]?i?B\), by $WHEN$"
    expect_line "$OUT/ctl.out" "^Saving ended: +.*$3"
    show_job "$1" | jq -e ".output == \"$WORK/$2\" and .ledger.saved == $4 and (.saving_ended | length > 0)
        and (.saving_error | test(\"$3\"))" >/dev/null || fail "JSON of $1: $(show_job "$1")"
    packets=$(job_number "$1" .ledger.recorded)
    ctl results "$1" --lines
    expect_status 3
    expect_line "$OUT/ctl.err" "of $packets packets of job [0-9]+, $4 were saved to $WORK/$2, by $WHEN; then no more: .*$3"
}

ping_a 5
wait_until 5 "the pings" shows_number gone .ledger.saved 10
show_job kept | jq -e '.saving == true and (has("saving_ended") | not)' >/dev/null || fail "a job that saves says it does not"
send_numbered 2000 8000 20000
wait_until 10 "the full disk" saves_no_more full
expect_not_saving full small/full.pcap 'No space left' "$(saved full)"

rm "$WORK/gone.pcap"
wait_until 5 "the removal to be seen" saves_no_more gone
# What is left of the file costs no disk any more: no worker has it open.
no_worker_has_it() { ! find "/proc/$DAEMON_PID/fd" $(pgrep -P "$DAEMON_PID" | sed 's|.*|/proc/&/fd|') -lname '*gone.pcap*' 2>/dev/null | grep -q .; }
wait_until 5 "all to have closed it" no_worker_has_it
expect_not_saving gone gone.pcap 'the output file was removed' 10
ping_a 3
wait_until 5 "packets that are not saved" shows_number gone .ledger.not_saved 6
expect_equal "saved of gone" 10 "$(saved gone)"

stop_daemon
start_daemon
wait_until 5 "the jobs' return" job_runs full
wait_until 5 "the jobs' return" job_runs kept
wait_until 5 "the jobs' return" job_runs gone
expect_not_saving full small/full.pcap 'No space left' "$(saved full)"
expect_not_saving gone gone.pcap 'the output file was removed' 10
# Without a service manager nobody keeps a descriptor over the restart.
expect_not_saving kept kept.pcap 'did not stay open when packetsentryd restarted' 16
expect_equal "packets in kept.pcap" 16 "$(tcpdump -nr "$WORK/kept.pcap" 2>/dev/null | wc -l)"

ctl stop kept gone
expect_status 3
expect_line "$OUT/ctl.out" '^job [0-9]+ finished: [0-9]+ packets recorded$'
expect_count 2 "$OUT/ctl.err" 'packets of job [0-9]+, [0-9]+ were saved to .*; then no more: the output file '
ctl results kept
expect_status 3
ctl list
expect_line "$OUT/ctl.out" ' kept +finished '
ctl start -d -i eth0 -f icmp -o whole.pcap --name whole
ctl stop whole
expect_status 0
expect_equal "standard error" "" "$(cat "$OUT/ctl.err")"
