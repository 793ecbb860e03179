#!/usr/bin/env bash
# Workers that have been taken over write more into the spool than they may, keep what they have ended, and report what
# is not so. Expected: each is ended within seconds, which is told with its reason, and followed by another; nothing of
# another job is removed for it, and what was written too much does not stay; closed files stay as they are.
# Runs alone: it fills a disk as fast as it can.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

JOBS="$TEMP/jobs"
mkdir -m 0755 "$JOBS"
spool="$TEMP/state/spool"
small=$'bytes = "8MB"\n[keep.rows]\nbytes = "8MB"' # a segment of it is full with a megabyte
use_worker taken-over
write_attacked_job a-bystander "$small" # whose number is 1
for what in lengths another many impossible; do write_attacked_job "report-$what"; done
write_attacked_job fill "$small"
write_attacked_job keep-open "$small"
start_daemon --jobs-dir "$JOBS"
wait_until 20 "all jobs" all_jobs_run

closed_files() { # JOB
    find "$spool/$(job_number "$1" .id)" -name '*.index' | sed 's/index$/rows/' | sort
}
has_closed() { (($(closed_files a-bystander | wc -l) >= 2)); }
send_much a-bystander 5000
wait_until 15 "closed segments of the bystander" has_closed
mapfile -t closed < <(closed_files a-bystander)
before=$(sha256sum "${closed[@]}")

ended_for() { # JOB REASON
    grep -Eq "job $1 .* waits: $2" "$TEMP/daemon.log"
}
expect_end() { # JOB REASON
    wait_until 10 "the end of the worker of $1" ended_for "$@"
    wait_until 10 "the next worker of $1" job_runs "$1"
}

# What cannot be: retention would remove everything to make room for the first of them.
for what in lengths another many impossible; do send_text "report-$what" "attack:report:$what;"; done
expect_end report-lengths 'the worker broke its protocol: it reported more of a segment than it has written'
expect_end report-another 'the worker broke its protocol: it reported a segment that it does not have'
expect_end report-many 'the worker broke its protocol: it reported more segments than it can have'
expect_end report-impossible 'the worker broke its protocol: it reported a segment that cannot be'

# More than a segment may have.
send_text fill "before"
write_segments
send_text fill "attack:segment-fill:;"
expect_end fill 'the worker wrote [0-9]+ bytes into a segment of the spool, which is more than any worker may'
wrote=$(sed -n 's/.*the worker wrote \([0-9]*\) bytes.*/\1/p' "$TEMP/daemon.log" | head -n 1)
echo "it wrote $wrote bytes"
((wrote < 200000000)) || fail "it could write $wrote bytes"
takes_little() { (($(du -sb "$spool/$(job_number fill .id)" | cut -f 1) < 10000000)); }
wait_until 15 "what it wrote to be removed" takes_little

# A segment that has been ended and could still be written. A third one would find no free number in the worker.
send_text keep-open "attack:keep-open:;"
send_much keep-open 1300
expect_end keep-open 'the worker broke its protocol: it has not closed the files of a segment that it ended'

expect_equal "closed files of the bystander" "$before" "$(sha256sum "${closed[@]}")"
expect_equal "restarts of the bystander" 0 "$(job_number a-bystander '.worker_restarts // 0')"
