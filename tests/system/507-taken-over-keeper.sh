#!/usr/bin/env bash
# A worker that keeps rows in the spool is in an attacker's hands: the thread that captures, and the one that writes the
# segments. Expected: it can append to its segments, and do nothing else to these or to others; what only an attack would
# try ends it; what was recorded before is found as it was; descriptors that it sends to the daemon are closed there.
# Runs alone: it starts thirty captures.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

JOBS="$TEMP/jobs"
mkdir -m 0755 "$JOBS"
spool="$TEMP/state/spool"
other="$spool/1/0000000001"
# Outcome, name and argument.
attacks='killed|segment-truncate|
killed|segment-pwrite|
killed|segment-dup|
killed|segment-link|LINK
killed|segment-rename|OTHER
killed|segment-copy|
killed|segment-mode|
killed|memory-file|
killed|send-elsewhere|
Function not implemented|segment-hole|
Function not implemented|segment-flags|
Function not implemented|segment-time|
Permission denied|segment-reopen|
Permission denied|segment-map|
Permission denied|segment-map-to-write|
Permission denied|open|OTHER
Permission denied|write-file|OTHER
Bad file descriptor|segment-read|
succeeded|segment-seek|
succeeded|send-descriptors|1'
aside='killed|segment-truncate|
killed|segment-pwrite|
killed|inet-socket|
killed|fork|
Permission denied|segment-reopen|
Permission denied|segment-map|
Permission denied|write-file|OTHER
succeeded|segment-seek|'

use_worker taken-over
write_attacked_job a-bystander # whose number is 1
while IFS='|' read -r _ name _; do write_attacked_job "$name"; done <<<"$attacks"
while IFS='|' read -r _ name _; do write_attacked_job "aside-$name"; done <<<"$aside"
start_daemon --jobs-dir "$JOBS"
wait_until 30 "all jobs" all_jobs_run

# Each segment has something before it is attacked.
for job in "${!ATTACK_PORT[@]}"; do send_text "$job" "before $job"; done
write_segments
others=("$other"-*.rows)
other_rows=${others[0]}
written() { (($(find "$spool" -name '*.rows' -size +64c | wc -l) == ${#ATTACK_PORT[@]})); }
wait_until 10 "the segments" written
cp -r "$spool" "$TEMP/before"
daemon_descriptors() { find "/proc/$DAEMON_PID/fd" -mindepth 1 | wc -l; }
descriptors=$(daemon_descriptors)

order_all() { # LIST PREFIX
    local name argument
    while IFS='|' read -r _ name argument; do
        argument=${argument/OTHER/$other_rows}
        send_text "$2$name" "attack:$2$name:${argument/LINK/$TEMP/linked};"
    done <<<"$1"
}
order_all "$attacks" ""
order_all "$aside" aside-
sleep 1 # the asides are tried with the next write
write_segments
while IFS='|' read -r outcome name _; do expect_kept_attack "$outcome" "$name" "$name"; done <<<"$attacks"
while IFS='|' read -r _ name _; do send_text "aside-$name" "attack:aside:;"; done <<<"$aside"
while IFS='|' read -r outcome name _; do expect_kept_attack "$outcome" "aside-$name" aside; done <<<"$aside"

# Everything that stood there stands there, and is found.
while read -r -d '' file; do
    cmp -s -n "$(stat -c %s "$file")" "$file" "$spool/${file#"$TEMP/before/"}" ||
        fail "${file#"$TEMP/before/"} does not begin as it did before"
done < <(find "$TEMP/before" -name '*.rows' -print0 -o -name '*.pcapng' -print0)
[[ ! -e $TEMP/linked && ! -e $other_rows.gone ]] || fail "a file has got another name"
expect_equal "modes below the spool" "600 700" \
    "$(find "$spool" -printf '%m\n' | sort -u | tr '\n' ' ' | sed 's/ $//')"
for job in segment-seek aside-segment-seek segment-truncate; do
    CTL_AS=root ctl search --job "$job" -o "$WORK/found.pcapng"
    grep -q "before $job" "$WORK/found.pcapng" || fail "what $job had kept is not found"
done
job_runs a-bystander || fail "the bystander has ended"
expect_equal "restarts of the bystander" 0 "$(job_number a-bystander '.worker_restarts // 0')"
no_more_descriptors() { (($(daemon_descriptors) <= descriptors)); }
wait_until 10 "the daemon to have closed what it was sent" no_more_descriptors
