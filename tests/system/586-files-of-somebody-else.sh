#!/usr/bin/env bash
# Somebody else's files wait under the names of log and output: nothing of a capture gets into them.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

spy=other
as_spy() {
    as_user "$spy"
    (cd "$TEMP/spy" && "${AS[@]}" "$@")
}

install -d -o "${USER_ID[$spy]}" "$TEMP/spy"
install -d -m 1777 "$TEMP/shared"
install -d -m 777 -o "${USER_ID[$spy]}" "$TEMP/theirs"
readers=()
clean_up() { ((${#readers[@]} == 0)) || kill "${readers[@]}" 2>/dev/null; }

# What the spy puts at a path. Everybody may write to all of it.
# shellcheck disable=SC2016
lay() { # KIND PATH
    case $1 in
        file) as_spy sh -c 'umask 0; : >"$1"' sh "$2" ;;
        symlink) as_spy ln -s "$TEMP/spy/catch" "$2" ;;
        dangling) as_spy ln -s "$TEMP/spy/new" "$2" ;;
        hardlink) as_spy ln "$TEMP/spy/catch" "$2" ;;
        fifo)
            as_spy mkfifo -m 666 "$2"
            as_user "$spy"
            "${AS[@]}" sh -c 'exec cat <>"$1" >"$2"' sh "$2" "$TEMP/spy/from-fifo" &
            readers+=("$!")
            ;;
    esac
}

declare -A WHY=([file]="it belongs to ps${USER_ID[$spy]} \\(uid ${USER_ID[$spy]}\\)" [fifo]="it belongs to ps${USER_ID[$spy]} \\(uid ${USER_ID[$spy]}\\)"
    [symlink]="it is a symbolic link" [dangling]="it is a symbolic link" [hardlink]="it belongs to ps${USER_ID[$spy]} \\(uid ${USER_ID[$spy]}\\)")

expect_nothing_caught() { # WHERE
    local file
    for file in "$TEMP"/spy/* "$1"; do
        [[ ! -f $file || ! -s $file ]] || fail "the spy has in ${file##*/}: $(head -c 200 "$file")"
    done
}

# The caller's own: two lines of packets, and readable by nobody else.
expect_log_beside() { # FILE USER
    expect_equal "owner and mode of ${1##*/}" "${USER_ID[$2]} 600" "$(stat -c '%u %a' "$1")"
    expect_at_least "lines of packets in ${1##*/}" 2 "$(count_lines "$1" ' - (ICMP|UDP|TCP|DNS) ')"
}

start_daemon
write_capture "$TEMP/some.pcap" 4
chmod 644 "$TEMP/some.pcap"
as_spy sh -c 'umask 0; : >catch'
cases=0
for directory in "$TEMP/shared" "$TEMP/theirs"; do
    for kind in file symlink dangling hardlink fifo; do
        for CTL_AS in root member; do
            rm -f "$directory"/*
            log=$directory/packetsentry.log output=$directory/x.pcap
            lay "$kind" "$log"
            lay "$kind" "$output"

            # Live for root, whose files the issue is about; read from a file for the member.
            if [[ $CTL_AS == root ]]; then
                start_capture "live-$cases" start -i eth0 -f icmp -c 2 --output-dir "$directory"
                ping_a 1
                wait_for "live-$cases"
                expect_count 1 "$OUT/live-$cases.err" "^packetsentryctl: "
                cp "$OUT/live-$cases.err" "$OUT/ctl.err"
            else
                ctl read "$TEMP/some.pcap" --output-dir "$directory"
            fi
            expect_status 0
            expect_line "$OUT/ctl.err" "^packetsentryctl: cannot write $log: ${WHY[$kind]}; the log goes to $directory/packetsentry_2.log\$"
            expect_log_beside "$directory/packetsentry_2.log" "$CTL_AS"

            ctl read "$TEMP/some.pcap" -q --output-dir "$directory"
            expect_status 3
            expect_one_error "$OUT/ctl.err" "^packetsentryctl: cannot write $log: ${WHY[$kind]}; --output-dir DIR puts the log elsewhere\$"
            for source in "start -i eth0 -c 1" "read $TEMP/some.pcap"; do
                # shellcheck disable=SC2086
                ctl $source --no-files -o "$output"
                expect_status 3
                expect_one_error "$OUT/ctl.err" "^packetsentryctl: cannot write '$output': ${WHY[$kind]}; remove it or choose another name\$"
            done
            expect_nothing_caught "$log"
            expect_nothing_caught "$output"
            cases=$((cases + 1))
        done
    done
done

# Under the next name too; and what is the caller's own by now is appended to.
CTL_AS=root
rm -f "$TEMP/shared"/*
lay file "$TEMP/shared/packetsentry.log"
lay file "$TEMP/shared/packetsentry_2.log"
for _ in 1 2; do
    ctl read "$TEMP/some.pcap" --output-dir "$TEMP/shared"
    expect_status 0
    expect_line "$OUT/ctl.err" "the log goes to $TEMP/shared/packetsentry_3.log\$"
done
expect_count 8 "$TEMP/shared/packetsentry_3.log" ' - (UDP|TCP|DNS) '
expect_nothing_caught "$TEMP/shared/packetsentry_2.log"

# A second name of a file of root's own: it would be emptied. On many systems only root can make such a link.
echo precious >"$TEMP/precious"
ln "$TEMP/precious" "$TEMP/shared/linked.pcap"
ctl read "$TEMP/some.pcap" --no-files -o "$TEMP/shared/linked.pcap"
expect_status 3
expect_one_error "$OUT/ctl.err" "it has a second name, as a hard link; remove it or choose another name\$"
expect_equal "the other file" precious "$(cat "$TEMP/precious")"

# One's own file is replaced as before, whoever else may read it.
install -m 644 /dev/null "$TEMP/shared/own.pcap"
ctl read "$TEMP/some.pcap" --no-files -o "$TEMP/shared/own.pcap"
expect_status 0
expect_equal "mode" 644 "$(stat -c %a "$TEMP/shared/own.pcap")"

# A name is shown as what it is, and cannot move the cursor of whoever looks at it.
ctl start -d --name odd -i eth0 -o $'mine\x1b[2J\n.pcap'
expect_status 0
expect_equal "the output's name" "$WORK/"$'mine\x1b[2J\n.pcap' "$(show_job odd | jq -r .output)"
ctl show odd
expect_line "$OUT/ctl.out" "^Output: +$WORK/mine\\\\x1B\\[2J\\\\x0A\\.pcap\$"
ctl stop odd
echo "$cases cases"
