#!/usr/bin/env bash
# Expected: somebody removes the directory of a job, or truncates the file that its worker writes, while the job runs.
# What was in there is gone, and is told as gone or as missing. The job notices with the next rows, tells it, and keeps
# what comes from then on, without being started again by anybody. Another job notices nothing.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

jobs="$TEMP/jobs"
mkdir -m 0755 "$jobs"
write_job() { # NAME FIRST_PORT
    printf 'interface = ["eth0"]\nfilter = { bpf = "udp and dst portrange %s-%s" }\nreaders = { groups = ["%s"] }\n' \
        "$2" "$(($2 + 999))" "$SOCKET_GROUP" >"$jobs/$1.toml"
    printf '[keep.packets]\nage = "1d"\n' >>"$jobs/$1.toml"
}
write_job one 2000
write_job two 3000
start_daemon --jobs-dir "$jobs"
run_both() { CTL_AS=root ctl list --json && jq -es 'map(select(.state == "running")) | length == 2' "$OUT/ctl.out" >/dev/null; }
wait_until 10 "both jobs" run_both
id_of() { jq -r "select(.name == \"$1\").id" "$OUT/ctl.out"; }
one=$(id_of one)
two=$(id_of two)
finds() { # JOB FIRST_PORT COUNT
    ctl search --job "$1" --json
    [[ $(jq -r .destination.port "$OUT/ctl.out" | sort -n | tr '\n' ' ') == "$(seq "$2" $(($2 + $3 - 1)) | tr '\n' ' ')" ]]
}

send_numbered 2000 50
send_numbered 3000 50
wait_until 5 "the first rows" finds one 2000 50
wait_until 5 "the first rows" finds two 3000 50

rm -r "${SPOOL:?}/$one"
send_numbered 2100 10 # into files that have no name any more
wait_for_log 1 "$TEMP/daemon.log" 'somebody has removed the files of the spool that the worker wrote'
kept_again() {
    run_both && send_numbered 2500 1 && ctl search --job one --json && grep -q '"port":2500[,}]' "$OUT/ctl.out"
}
wait_until 20 "rows that are kept again" kept_again
expect_line "$OUT/ctl.err" '^what job one recorded from .* to .* is no longer kept$'
ctl search --job one -Y 'udp.dstport < 2500' --json
expect_equal "rows that are gone" 0 "$(wc -l <"$OUT/ctl.out")"
wait_until 5 "the other job" finds two 3000 50
[[ -s $SPOOL/$one/catalogue ]] || fail "the job has no catalogue"

# The rows file of the other one is truncated.
send_numbered 3100 10
finds_further() { ctl search --job two --json && [[ $(wc -l <"$OUT/ctl.out") == 60 ]]; }
wait_until 5 "further rows" finds_further
file=$(find "$SPOOL/$two" -name '*.rows')
truncate -s 64 "$file"
send_numbered 3200 10
wait_for_log 1 "$TEMP/daemon.log" 'it reported more of a segment than it has written'
kept_again_by_two() {
    run_both && send_numbered 3500 1 && ctl search --job two --json && grep -q '"port":3500[,}]' "$OUT/ctl.out"
}
wait_until 20 "rows that are kept again" kept_again_by_two

# Over a restart, too.
stop_daemon
start_daemon --jobs-dir "$jobs"
ctl search --json
expect_status 0
expect_line "$OUT/ctl.out" '"port":2500[,}]'
expect_line "$OUT/ctl.out" '"port":3500[,}]'
