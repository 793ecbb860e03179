#!/usr/bin/env bash
# Expected: whoever asks fifty questions at once gets four, and is told why not more. Whoever reads no answer is sent away
# after the time that the configuration gives, and told why; whoever dies leaves no worker. Meanwhile another user is
# served at once, and the capture loses nothing. Without "past" nobody may ask; terms that become stricter end a question
# that was asked before. What is removed while a question reads it is read to its end.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

jobs="$TEMP/jobs"
mkdir -m 0755 "$jobs"
cat >"$jobs/lab.toml" <<END
interface = ["eth0"]
filter = { protocol = ["udp"] }
[keep.packets]
age = "1d"
END
rules() { # TERMS
    write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "past", "save"]
jobs = "all"
$1

[[rule]]
user = [${USER_ID[other]}]
actions = ["view"]
jobs = "all"
END
}
rules ''
printf 'policy = "%s"\n[clients]\nreader_seconds = 5\n' "$POLICY" >"$TEMP/daemon.toml"
runs() { CTL_AS=root ctl list --json && jq -es 'any(.state == "running")' "$OUT/ctl.out" >/dev/null; }
start_lab() {
    start_daemon --config "$TEMP/daemon.toml" --jobs-dir "$jobs"
    wait_until 5 "the job" runs
}
workers() { pgrep -c -P "$DAEMON_PID" || true; }
workers_are() { [[ $(workers) == "$1" ]]; }
recorded() { shows_number 1 .ledger.recorded "$1"; }

# COUNT questions whose answers nobody reads, until there is a file $WORK/SIGN.
start_questions() { # COUNT SIGN
    as_user member
    (exec "${AS[@]}" PYTHONPATH="$SUPPORT" PYTHONDONTWRITEBYTECODE=1 python3 "$SUPPORT/questions.py" "$1" "$WORK/$2") \
        >"$OUT/$2.out" 2>"$OUT/$2.err" &
    PIDS[$2]=$!
    wait_until 10 "$1 questions" has_lines "$1" "$OUT/$2.out" '^(asked|refused )'
}

# A segment of 60,000 rows, which the restart closes, and an open one.
start_lab
send_numbered 2000 60000
wait_until 10 "the rows" recorded 60000
stop_daemon
start_lab
one_worker() { [[ $(workers) == 1 ]]; } # the index is made meanwhile
wait_until 10 "the worker of the capture alone" one_worker

start_questions 50 fifty
expect_equal "questions that were taken" 4 "$(count_lines "$OUT/fifty.out" '^asked$')"
expect_equal "questions that were refused" 46 \
    "$(count_lines "$OUT/fifty.out" '^refused 1 you ask 4 questions already, which is the limit; try again when one is answered$')"
expect_equal "workers with four questions" 5 "$(workers)"
ctl search -c 1
expect_status 1
CTL_AS=root ctl search -c 1
expect_status 0
expect_quick 20 "requests of another user" expect_served "four questions that nobody reads"
send_numbered 2000 1000
wait_until 5 "the rows that came meanwhile" recorded 61000
wait_for fifty 15
expect_equal "questions that were ended" 4 \
    "$(count_lines "$OUT/fifty.out" '^read [0-9]+ rows, 8 the search was ended, because the answer was not read for too long')"
wait_until 3 "their workers to be gone" workers_are 1
expect_equal "dropped by the kernel" 0 "$(job_number 1 .ledger.dropped_by_kernel)"
expect_equal "shed" 0 "$(job_number 1 .ledger.shed)"

# Everything; and the place of a question that was ended is free again.
ctl search --json
expect_status 0
expect_equal "all rows" 61000 "$(wc -l <"$OUT/ctl.out")"

start_questions 1 killed
workers_are 2 || fail "there is no worker for the question"
kill -KILL "${PIDS[killed]}"
wait_until 3 "the worker of a client that was killed to be gone" workers_are 1

CTL_AS=other ctl search
expect_status 5
expect_line "$OUT/ctl.err" "rule 2 .* does not allow 'past'"

start_questions 1 looser
rules 'snaplen = 64'
reload 'policy: .* is in force, with 2 rules$'
wait_for looser 10
expect_line "$OUT/looser.out" '^read [0-9]+ rows, 5 the search was ended, because the policy no longer allows you'
ctl search
expect_status 0
expect_equal "rows of looser terms" 0 "$(wc -l <"$OUT/ctl.out")"
expect_line "$OUT/ctl.err" 'of the spool were not searched, because you may not see what was recorded .* under looser terms'
rules ''
reload 'policy: .* is in force, with 2 rules$'

start_questions 1 removed
CTL_AS=root ctl purge --job lab --before now --yes
expect_line "$OUT/ctl.out" '^1 segment with 60000 rows \(.*\) was removed$'
touch "$WORK/removed"
wait_for removed
expect_line "$OUT/removed.out" '^read 61000 rows, complete$'
ctl search --json
expect_equal "rows that are left" 1000 "$(wc -l <"$OUT/ctl.out")"
