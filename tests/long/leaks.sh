#!/usr/bin/env bash
# leaks.sh [JOBS]: packetsentryd over so many jobs (1,000), started, followed, given another filter and
# stopped, eight at a time; then whether it leaked. BIN: of a build with -DPACKETSENTRY_SANITIZE=address,
# whose daemon looks for leaks when it ends; or with thread, for races; or with -DPACKETSENTRY_VALGRIND=ON, which
# runs under valgrind (3.21 or later: older ones know no pidfd_open). Needs root; takes minutes.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

jobs=${1:-1000}
version=$(valgrind --version 2>/dev/null | sed -n 's/^valgrind-3\.\([0-9]*\).*/\1/p')
if (($(nm "$BIN/packetsentryd" | grep -cE "__(asan|tsan)_init") > 0)); then
    DAEMON_ENV=(LSAN_OPTIONS=exitcode=99 TSAN_OPTIONS=exitcode=99)
elif ((${version:-0} >= 21)); then
    DAEMON_ENV=(valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite,indirect --error-exitcode=99)
else
    skip "$BIN/packetsentryd is built without sanitizers, and there is no valgrind 3.21"
fi
start_daemon
CTL_AS=root
begin_kib=$(sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$DAEMON_PID/status")
for ((done = 0; done < jobs; done += 8)); do
    for i in {1..8}; do start_ctl "job$i" start -d -i lo -f udp --name "job$i"; done
    for i in {1..8}; do
        wait_for "job$i" 30
        expect_status 0
    done
    ctl filter job1 -f tcp
    expect_status 0
    ctl results job2
    expect_status 0
    ctl stop --all
    expect_status 0
done
end_kib=$(sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$DAEMON_PID/status")
pid=$DAEMON_PID
kill -TERM "$pid"
wait_for_pid "$pid" 60
DAEMON_PID=
grep -E 'Sanitizer|leak|lost|==[0-9]+==' "$TEMP/daemon.log" || true
echo "$done jobs, $begin_kib KiB at the begin, $end_kib KiB at the end; packetsentryd ended with status $STATUS"
expect_status 0
