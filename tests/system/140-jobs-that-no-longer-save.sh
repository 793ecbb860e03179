#!/usr/bin/env bash
# A job whose file takes no more (a full disk, a file that somebody removed or truncated, a restart) goes on, and says
# so: in list, in show with the figures and the reason, and with status 3 when it is stopped and when its rows are
# fetched; after a restart of the daemon too. A job whose file was moved saves into it as before, and tells its new name.
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
    expect_line "$OUT/ctl.err" "$4 of $packets packets of job [0-9]+ were saved to $WORK/$2 by $WHEN; saving then ended: .*$3"
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
no_worker_has() { # FILE
    ! find "/proc/$DAEMON_PID/fd" $(pgrep -P "$DAEMON_PID" | sed 's|.*|/proc/&/fd|') -lname "*$1*" 2>/dev/null | grep -q .
}
wait_until 5 "all to have closed it" no_worker_has gone.pcap
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
expect_count 2 "$OUT/ctl.err" 'packets of job [0-9]+ were saved to .*; saving then ended: the output file '
ctl results kept
expect_status 3
ctl list
expect_line "$OUT/ctl.out" ' kept +finished '
ctl start -d -i eth0 -f icmp -o whole.pcap --name whole
ctl stop whole
expect_status 0
expect_equal "standard error" "" "$(cat "$OUT/ctl.err")"

# What others do to a file that is saved to. One is left as it is, whatever is done with it, and is said to save.
for job in cut late moved whole-too; do
    ctl start -d -i eth0 "${pings[@]}" -o "$job.pcap" --name "$job"
    expect_status 0
done
ping_a 5
for job in cut late moved whole-too; do
    wait_until 5 "the pings" shows_number "$job" .ledger.saved 10
done

# Truncated, while nothing comes: the next packets would stand behind a hole, where nobody can read them.
: >"$WORK/cut.pcap"
wait_until 5 "the truncation to be seen" saves_no_more cut
wait_until 5 "all to have closed it" no_worker_has cut.pcap
expect_not_saving cut cut.pcap 'the output file was truncated by somebody else' 10
# And right before the end.
: >"$WORK/late.pcap"
ctl stop late
expect_status 3
expect_line "$OUT/ctl.err" "10 of 10 packets of job [0-9]+ were saved to $WORK/late.pcap by $WHEN; saving then ended: the output file was truncated by somebody else; it no longer has all that was saved to it"

mv "$WORK/moved.pcap" "$WORK/elsewhere.pcap"
saves_to() { # JOB FILE
    show_job "$1" | jq -e ".saving == true and .state == \"running\" and .output == \"$WORK/$2\"" >/dev/null
}
wait_until 5 "the move to be seen" saves_to moved elsewhere.pcap

# Somebody appends, which the next packet is written over; reads; touches; and the filter is changed meanwhile.
printf 'appended by somebody' >>"$WORK/whole-too.pcap"
touch "$WORK/whole-too.pcap"
cat "$WORK/whole-too.pcap" >/dev/null
ctl filter whole-too --bpf 'icmp[icmptype] = icmp-echo'
expect_status 0
ctl filter whole-too "${pings[@]}"
expect_status 0

ping_a 3
for job in moved whole-too; do
    wait_until 5 "the pings" shows_number "$job" .ledger.saved 16
done
wait_until 5 "packets that are not saved" shows_number cut .ledger.not_saved 6
saves_to whole-too whole-too.pcap || fail "a job whose file is whole says otherwise: $(show_job whole-too)"
show_job whole-too | jq -e '[.notices // [] | .[] | select(test("output file"))] == []' >/dev/null ||
    fail "what was not done to a file is told: $(job_number whole-too .notices)"
ctl show moved
expect_line "$OUT/ctl.out" '^State: +running$'
expect_line "$OUT/ctl.out" "^Output: +$WORK/elsewhere.pcap$"
expect_count 1 "$OUT/ctl.out" "^Notice: +$WHEN, the output file was moved to '$WORK/elsewhere.pcap'$"

ctl stop moved whole-too
expect_status 0
expect_equal "standard error" "" "$(cat "$OUT/ctl.err")"
for file in elsewhere whole-too; do
    expect_equal "packets in $file.pcap" 16 "$(tcpdump -nr "$WORK/$file.pcap" 2>/dev/null | wc -l)"
done
ctl stop cut
expect_status 3
expect_line "$OUT/ctl.err" "10 of 16 packets of job [0-9]+ were saved to $WORK/cut.pcap by $WHEN; saving then ended: the output file was truncated"
ctl results cut
expect_status 3
