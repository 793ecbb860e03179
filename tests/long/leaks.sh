#!/usr/bin/env bash
# leaks.sh [JOBS]: packetsentryd over so many jobs (1,000) with packets, started, followed, read, given filters and
# stopped, eight at a time; then whether it leaked. BIN: of a build with -DPACKETSENTRY_SANITIZE=address,
# whose daemon looks for leaks when it ends; or with thread, for races; or with -DPACKETSENTRY_VALGRIND=ON, which
# runs under valgrind (3.21 or later: older ones know no pidfd_open). Needs root; takes minutes.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

jobs=${1:-1000}
most_growth_kib=$((48 << 10))  # sanitizers keep what is freed for a while
version=$(valgrind --version 2>/dev/null | sed -n 's/^valgrind-3\.\([0-9]*\).*/\1/p')
if nm "$BIN/packetsentryd" | grep -E "__(asan|tsan)_init" >/dev/null; then
    DAEMON_ENV=(LSAN_OPTIONS=exitcode=99 TSAN_OPTIONS=exitcode=99 ASAN_OPTIONS=quarantine_size_mb=8)
elif ((${version:-0} >= 21)); then
    DAEMON_ENV=(valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect
        --errors-for-leak-kinds=definite,indirect --error-exitcode=99)
else
    skip "$BIN/packetsentryd is built without sanitizers, and there is no valgrind 3.21"
fi
# Rows that are kept are no leak: they reach their limit before the first tenth is over.
printf '[memory]\nkept = "8MiB"\n' >"$TEMP/leaks.toml"
start_daemon --config "$TEMP/leaks.toml"
CTL_AS=root
resident_kib() { sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$DAEMON_PID/status"; }
in_a bash -c "while python3 '$SUPPORT/send_numbered.py' 127.0.0.1 2000 60000 2000; do :; done" &
sender=$!
begin_kib=
rows=0
for ((done = 0; done < jobs; done += 8)); do
    ((10 * done < jobs)) || begin_kib=${begin_kib:-$(resident_kib)}
    for i in {1..8}; do start_ctl "job$i" start -d -i lo -f udp --name "job$i"; done
    for i in {1..8}; do
        wait_for "job$i" 30
        expect_status 0
    done
    start_ctl follower follow job3
    ctl filter job1 -f tcp
    expect_status 0
    ctl filter job2 --bpf 'udp or arp'
    expect_status 0
    ctl results job2
    expect_status 0
    rows=$((rows + $(wc -l <"$OUT/ctl.out")))
    ctl stop --all
    expect_status 0
    wait_for follower 30
    rows=$((rows + $(wc -l <"$OUT/follower.out")))
done
end_kib=$(resident_kib)
kill "$sender"
pid=$DAEMON_PID
kill -TERM "$pid"
wait_for_pid "$pid" 60
DAEMON_PID=
grep -E 'Sanitizer|leak|lost|==[0-9]+==' "$TEMP/daemon.log" || true
echo "$done jobs, $rows rows read, $begin_kib KiB after the first tenth, $end_kib KiB at the end; packetsentryd ended with status $STATUS"
expect_status 0
expect_at_least "rows read" "$jobs" "$rows"
expect_at_least "KiB of growth left" 0 $((most_growth_kib - (end_kib - begin_kib)))
