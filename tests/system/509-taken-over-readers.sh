#!/usr/bin/env bash
# Rows take over the worker that answers a question about them, and the one that makes their index. Expected: the former
# has nothing but its link, its client's pipe and the segment that was handed to it, can change nothing and pass nothing
# on, and ends with its client; the latter can append to its index, up to a limit. What only an attack would try ends
# them, which the log tells. Other questions are answered, and nothing in the spool has changed.
# Runs alone: it starts thirty captures.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

JOBS="$TEMP/jobs"
mkdir -m 0755 "$JOBS"
spool="$TEMP/state/spool"
# Outcome, name and argument.
questions='socket pipe file|descriptors|
Permission denied|open|/etc/passwd
Permission denied|open|OTHER
Permission denied|write-file|OTHER
Permission denied|segment-reopen|
Permission denied|segment-map|
Permission denied|open|/proc/DAEMON/fd/3
refused|send-descriptors|1
killed|segment-write|
killed|segment-truncate|
killed|segment-pwrite|
killed|segment-dup|
killed|segment-link|LINK
killed|send-elsewhere|
killed|memory-file|
killed|inet-socket|
killed|fork|
killed|exec|/bin/true
killed|ptrace|DAEMON
killed|kill|DAEMON
killed|pidfd|DAEMON
killed|read-memory|DAEMON'
tidies='socket file|descriptors|
Permission denied|open|OTHER
Permission denied|segment-reopen|
killed|segment-write|
killed|segment-truncate|
killed|inet-socket|
killed|fork|
killed|send-elsewhere|
File too large|fill-next|'

use_worker taken-over
write_attacked_job a-bystander # whose number is 1
number=0
while IFS='|' read -r _ name _; do write_attacked_job "q$((number += 1))-$name"; done <<<"$questions"
while IFS='|' read -r _ name _; do write_attacked_job "t-$name"; done <<<"$tidies"
for job in q-loop q-memory; do write_attacked_job "$job"; done
start_daemon --jobs-dir "$JOBS"
wait_until 30 "all jobs" all_jobs_run
send_text a-bystander "nothing"
write_segments
files=("$spool"/1/*.rows)
fill_in() { # ARGUMENT
    local argument=${1/OTHER/${files[0]}}
    argument=${argument/DAEMON/$DAEMON_PID}
    echo "${argument/LINK/$TEMP/linked}"
}
number=0
while IFS='|' read -r _ name argument; do
    send_text "q$((number += 1))-$name" "attack:say:question:$name:$(fill_in "$argument");"
done <<<"$questions"
while IFS='|' read -r _ name argument; do
    send_text "t-$name" "attack:say:tidy:$name:$(fill_in "$argument");"
done <<<"$tidies"
send_text q-loop "attack:say:question:loop:;"
send_text q-memory "attack:say:question:memory:;"
recorded() { (($(find "$spool" -name '*.rows' -size +64c | wc -l) == ${#ATTACK_PORT[@]})); }
write_all() { CTL_AS=root ctl search --job a-bystander && recorded; }
wait_until 15 "all rows" write_all
mapfile -t recorded_files < <(find "$spool" \( -name '*.rows' -o -name '*.pcapng' \) -size +0)
content() { sha256sum "${recorded_files[@]}"; }
before=$(content)

number=0
deaths=0
while IFS='|' read -r outcome name _; do
    CTL_AS=root ctl search --job "q$((number += 1))-$name"
    if [[ $outcome == killed ]]; then
        expect_line "$OUT/ctl.err" 'the answer is not complete'
        # The log is limited to ten of these lines in ten seconds.
        if (((deaths += 1) <= 5)); then
            expect_count "$deaths" "$TEMP/daemon.log" 'a question of uid 0 has no complete answer: .* signal 31 '
        fi
    elif [[ $outcome == refused ]]; then
        # With a message that a question does not send. Its answer may be whole before the daemon has read that.
        wait_until 5 "the refusal" grep -q 'has no complete answer: .* asked for something that there is not' \
            "$TEMP/daemon.log"
    else
        expect_line "$OUT/ctl.err" ": ATTACK $name: $outcome\$"
    fi
    echo "question, $name: $outcome"
done <<<"$questions"
expect_equal "deaths of another kind" 0 \
    "$(count_lines "$TEMP/daemon.log" "no complete answer: .* signal (1|6|9|11) ")"
# With packets, the question has these and the output too. That is empty, so the attack takes it for none.
CTL_AS=root ctl search --job q1-descriptors -o "$WORK/found.pcapng"
expect_line "$OUT/ctl.err" ': ATTACK descriptors: socket pipe file file$'

# One that never ends does not outlive its client; one that wants all memory gets little.
workers() { pgrep -c -P "$DAEMON_PID" || true; }
# Questions before have ended when their workers have, which the client does not wait for.
at_rest=${#ATTACK_PORT[@]}
another() { (($(workers) > at_rest)); }
no_other() { (($(workers) == at_rest)); }
wait_until 10 "the workers of the captures alone" no_other
CTL_AS=root start_ctl loop search --job q-loop
wait_until 5 "the worker of the question" another
kill -KILL "${PIDS[loop]}"
wait_until 5 "the end of the worker" no_other
CTL_AS=root ctl search --job q-memory
expect_line "$OUT/ctl.err" 'the answer is not complete'
CTL_AS=root ctl search --job a-bystander
expect_equal "rows of the bystander" 1 "$(wc -l <"$OUT/ctl.out")"
expect_equal "what is in the spool" "$before" "$(content)"

# A restart closes the segments, and their indexes are made.
stop_daemon
start_daemon --jobs-dir "$JOBS"
expected=$(wc -l <<<"$tidies")
all_tried() { (($(grep -c ' gets no index: ' "$TEMP/daemon.log") >= expected)); }
wait_until 40 "the indexes" all_tried
while IFS='|' read -r outcome name _; do
    [[ $outcome != killed ]] || continue
    wait_until 20 "the outcome of $name" grep -q "gets no index: ATTACK $name: $outcome\$" "$TEMP/daemon.log"
done <<<"$tidies"
# An index that could not be made is tried again.
killed_at_least() {
    (($(count_lines "$TEMP/daemon.log" 'gets no index: the worker that makes an index was killed by signal 31 ') >= \
        $(grep -c '^killed' <<<"$tidies")))
}
wait_until 10 "the ends of the others" killed_at_least
expect_equal "what is in the spool" "$before" "$(content)"
all_finished() { [[ -z $(find "$spool" -name '*.new') ]]; }
wait_until 20 "no index to be unfinished" all_finished
[[ ! -e $TEMP/linked ]] || fail "a file has got another name"
