#!/usr/bin/env bash
# Limits that are lower than the worker's own stay as they are: memory, descriptors, file sizes, processes, priority.
# Where there is too little, one line says of what, and the program ends with the status of its kind.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"
. "$SUPPORT/surroundings.sh"

prepare_reading
for limits in --as=600000000 --as=600000000:unlimited --as=300000000 --nofile=16 --nofile=16:64 --core=0 --cpu=60 \
    --stack=1048576 --memlock=0 --sigpending=0 --msgqueue=0 --nice=0 --rtprio=0; do
    INSIDE=(prlimit "$limits")
    expect_reads "$limits"
done
inside 'ulimit -v 400000'
expect_reads "ulimit -v 400000"
INSIDE=(nice -n 19)
expect_reads "the lowest priority"

# A worker's limit is the lower of both.
INSIDE=(prlimit --as=700000000 --nofile=32)
start_reading_of_a_pipe
expect_line "/proc/$WORKER/limits" '^Max address space +700000000 +700000000 '
kill "$CLIENT"
exec {PIPE}>&-
wait_for_pid "$CLIENT" 10

# No further process: the member's alone, as root has no such limit.
INSIDE=(prlimit --nproc=0)
ctl_there --json -r some.pcap
expect_status 9
expect_one_error "$OUT/ctl.err" "cannot start .*packetsentry-worker: Resource temporarily unavailable; .*'ulimit -u'"

# A limit on the size of files: told as a full disk is, and what fits is there.
INSIDE=(prlimit --fsize=4096)
ctl_there -r some.pcap -o copy.pcap
expect_status 3
expect_line "$OUT/ctl.err" 'File too large'
expect_at_least "bytes of the copy" 4000 "$(stat -c %s "$WORK/copy.pcap")"

# Too little memory to read at all: one line, whatever the amount, and never rows that stop without a word.
for kib in 20000 50000 70000 80000 90000 100000 120000; do
    inside "ulimit -v $kib"
    ctl_there --json -r some.pcap
    if ((STATUS == 0)); then
        cmp -s "$OUT/usual.out" "$OUT/ctl.out" || fail "other rows with $kib KiB"
    else
        expect_at_least "words on standard error with $kib KiB" 1 "$(wc -l <"$OUT/ctl.err")"
    fi
done
