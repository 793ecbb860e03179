#!/usr/bin/env bash
# Somebody else listens where a client looks for packetsentryd: no byte and no descriptor reaches them.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

# The stranger is first at the path, in a directory like /tmp.
stranger=other
install -d -m 1777 "$TEMP/shared"
install -d -o "${USER_ID[$stranger]}" "$TEMP/stranger"
record=$TEMP/stranger/record
SOCKET=$TEMP/shared/control.sock
as_user "$stranger"
"${AS[@]}" PYTHONPATH="$SUPPORT" python3 -B "$SUPPORT/fake_daemon.py" "$SOCKET" "$record" >"$OUT/fake.out" 2>"$OUT/fake.err" </dev/null &
fake=$!
clean_up() { kill "$fake" 2>/dev/null; }
wait_until 10 "the stranger's socket" test -S "$SOCKET"

told="cannot reach packetsentryd at $SOCKET: it belongs to ps${USER_ID[$stranger]} \\(uid ${USER_ID[$stranger]}\\), and not to root, packetsentry or you; nothing was sent"

expect_refused() { # ORIGIN ARGUMENTS…
    local origin=$1
    shift
    ctl "$@"
    expect_status 6
    expect_one_error "$OUT/ctl.err" "^packetsentryctl: $told; the path comes from $origin\$"
    expect_equal "standard output" "" "$(cat "$OUT/ctl.out")"
}

refused=0
for CTL_AS in root member; do
    for command in "start -i eth0 -o mine.pcap" "start -i eth0 -c 1 -q -o mine.pcap" "start -d -i eth0 -o mine.pcapng" list status \
        "stop --all" "show 1" "follow 1" "results 1" "filter 1 -f dns" "renew 1" "policy check" -D; do
        # shellcheck disable=SC2086
        expect_refused PACKETSENTRY_SOCKET $command
        refused=$((refused + 1))
    done
    # The path by hand, while the variable names another.
    there=$SOCKET SOCKET=$TEMP/nowhere.sock
    expect_refused --socket --socket "$there" start -i eth0 -o mine.pcap
    SOCKET=$there
    refused=$((refused + 1))

    ctl doctor
    expect_status 6
    expect_line "$OUT/ctl.out" "^FAIL socket +$told"
    expect_count 1 "$OUT/ctl.out" '^FAIL'
    expect_line "$OUT/ctl.out" "^- +daemon +not checked: the socket belongs to a user who is not trusted"
    refused=$((refused + 1))

    # Completion is silent, and quick. Where no daemon is present it does not even connect.
    for words in "stop ''" "start -i ''"; do
        eval "ctl complete -- $words"
        expect_status 0
        expect_equal "what completion says" "" "$(cat "$OUT/ctl.out" "$OUT/ctl.err")"
    done
done
[[ ! -e $WORK/mine.pcap && ! -e $WORK/mine.pcapng ]] || fail "an output was opened for a stranger"

recorded() { (($(wc -l <"$record") == refused)); }
wait_until 10 "the $refused connections to end" recorded
expect_count "$refused" "$record" '^0 bytes, 0 descriptors$'

# Whose daemon it is may use it, and the record is one of what arrives.
CTL_AS=$stranger ctl status
wait_until 10 "the stranger's own client" has_lines 1 "$record" '^[1-9][0-9]+ bytes, 0 descriptors$'

# A socket that lets nobody in is no reason to join its owner's group.
chmod 600 "$SOCKET"
CTL_AS=member expect_refused PACKETSENTRY_SOCKET list

echo "$refused clients sent nothing"
