#!/usr/bin/env bash
# What a parent leaves: closed standard streams, a umask, signals that are ignored or blocked, no environment, an
# empty or missing name of the program, another personality, descriptors by the hundred. The rows are the same, no file becomes
# a standard stream, and what is written can be opened again by its owner and nobody else.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"
. "$SUPPORT/surroundings.sh"

prepare_reading
inside 'exec <&-'
expect_reads "standard input is closed"
inside 'trap "" CHLD PIPE HUP INT TERM XFSZ USR1 URG PROF VTALRM'
expect_reads "signals are ignored"
INSIDE=(env --block-signal)
expect_reads "signals are blocked"
INSIDE=(env --ignore-signal)
expect_reads "every signal is ignored"
for mask in 0777 0; do
    inside "umask $mask"
    expect_reads "umask $mask"
done
for personality in --addr-no-randomize --read-implies-exec --uname-2.6 --addr-compat-layout --whole-seconds; do
    INSIDE=(setarch "$personality")
    expect_reads "$personality"
done
# shellcheck disable=SC2016
inside 'i=10; while [ $i -lt 250 ]; do eval "exec $i</dev/null"; i=$((i + 1)); done'
INSIDE[0]=bash
expect_reads "descriptors that are left open"
INSIDE=(env TERM= LANG=tlh_XX.KOI-9 LC_ALL=nonsense HOME= TMPDIR=/nowhere LD_BIND_NOW=1 COLUMNS=-1 TZ=:/nowhere)
CTL_AS=member ctl_there --json -r some.pcap
expect_status 0
cmp -s "$OUT/usual.out" "$OUT/ctl.out" || fail "other rows in a strange environment"
# "env -i" would find no program: its path is looked for before.
INSIDE=(env -i "$BIN/packetsentryctl" --json -r some.pcap --time utc)
ctl_there
expect_status 1
INSIDE=(bash -c 'program=$(type -p packetsentryctl); shift; exec -c "$program" "$@"' bash)
expect_reads "no environment"
INSIDE=(bash -c 'program=$(type -p packetsentryctl); shift; exec -a "" "$program" "$@"' bash)
expect_reads "an empty name of the program"

# Nothing at all is passed on, not even a name.
INSIDE=(python3 -c 'import ctypes, os
ctypes.CDLL(None).execve(os.environb[b"PATH"].split(b":")[0] + b"/packetsentryctl", None, None)')
ctl_there
expect_status 1
expect_one_error "$OUT/ctl.err" 'no command given'

# All three streams: what is saved holds packets alone, and the status tells.
for streams in '<&- >&- 2>&-' '<&- >&-' '>&- 2>&-' '<&- 2>&-'; do
    inside "exec $streams"
    rm -f "$WORK"/packetsentry* "$WORK/copy.pcap"
    ctl_there -r some.pcap -o copy.pcap
    expect_status 0
    expect_equal "packets saved with $streams" 300 "$(tcpdump -nr "$WORK/copy.pcap" 2>/dev/null | wc -l)"
    expect_count 300 "$WORK/packetsentry.log" ' - (TCP|UDP|DNS) '
    expect_count 300 "$(results_file)" '^Summary: '
done

# The owner's alone, and the owner's again, whatever the umask.
for mask in 0777 0; do
    rm -f "$WORK"/packetsentry* "$WORK/copy.pcap"
    inside "umask $mask"
    for _ in 1 2; do
        ctl_there -r some.pcap -c 5 -o copy.pcap
        expect_status 0
    done
    for file in "$WORK"/packetsentry* "$WORK/copy.pcap"; do
        expect_equal "mode of ${file##*/} with umask $mask" 600 "$(stat -c %a "$file")"
    done
done
as_usual

# Ctrl-C and TERM reach a client whose parent has blocked them; nohup's SIGHUP does not.
start_daemon
as_user member
for signal in INT TERM; do
    (cd "$WORK" && exec "${AS[@]}" env --block-signal packetsentryctl -i eth0 --no-files) >"$OUT/blocked.out" 2>"$OUT/blocked.err" &
    PIDS[blocked]=$!
    wait_until 20 "the capture" capture_started blocked
    kill -"$signal" "${PIDS[blocked]}"
    wait_for blocked
    expect_status 0
done
(cd "$WORK" && exec "${AS[@]}" nohup packetsentryctl -i eth0 --no-files) >"$OUT/nohup.out" 2>"$OUT/nohup.err" </dev/null &
PIDS[nohup]=$!
wait_until 20 "the capture" capture_started nohup
kill -HUP "${PIDS[nohup]}"
ping_a 3
wait_until 5 "packets after the terminal has gone" has_lines 3 "$OUT/nohup.out" ' - ICMP '
interrupt nohup
expect_status 0
