#!/usr/bin/env bash
# The Tab key in a real bash: commands, options, and what only the daemon knows. Without one, or with one
# that does not answer, nothing is offered, nothing is said, and nobody waits.
# Runs alone: it measures time.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

completions=$SUPPORT/../../packaging/completions
install -m 644 "$completions/packetsentryctl.bash" "$TEMP/completion.bash"
# In place of the program, its arguments: what a finished line would have run.
cat >"$TEMP/bashrc" <<END
bind 'set bell-style none'
. "$TEMP/completion.bash"
packetsentryctl() { printf '[%s]' "\$@"; echo; } >"$WORK/typed"
END

# Types KEYS at a prompt of a member's bash, then Enter.
expect_typed() { # KEYS EXPECTED
    rm -f "$WORK/typed"
    as_user member
    # shellcheck disable=SC2059
    (cd "$WORK" && printf "packetsentryctl $1\r" |
        script -qec "${AS[*]} TERM=dumb bash --noprofile --rcfile $TEMP/bashrc -i" /dev/null) >"$OUT/bash.out" 2>&1
    expect_equal "after '$1'" "$2" "$(cat "$WORK/typed")"
}

# What a script of a shell gets for WORDS, the last of which is completed.
expect_candidates() { # EXPECTED WORDS…
    local expected=$1
    shift
    ctl complete -- "$@"
    expect_status 0
    expect_equal "standard error of '$*'" "" "$(cat "$OUT/ctl.err")"
    expect_equal "candidates for '$*'" "$expected" "$(cut -f 1 "$OUT/ctl.out" | paste -s -d ' ')"
}

expect_candidates "" show ''
expect_candidates "" -i ''
expect_candidates "dns" -f dn

start_daemon
ctl start -d -i eth0 -f icmp --name night
ctl start -d -i eth1
CTL_AS=other ctl start -d -i eth1 --name not-yours
wait_until 10 "the job" job_runs night
: >"$WORK/night capture.pcap"

expect_candidates "2 night" show ''
expect_candidates "lo eth0 eth1 any" -i ''
expect_candidates "eth1" start -i eth0 -i et
ctl complete -- show n
expect_line "$OUT/ctl.out" $'^night\trunning, eth0, icmp$'

expect_typed 'sho\t ni\t' '[show][night]'
expect_typed 'stop 2 \t' '[stop][2][night]'
expect_typed '-i eth0 -i et\t' '[-i][eth0][-i][eth1]'
expect_typed '-ilo -f dn\t' '[-ilo][-f][dns]'
expect_typed '--interface=l\t' '[--interface=lo]'
expect_typed '--json list --time-format=udo\t' '[--json][list][--time-format=udoy]'
expect_typed '-i lo -a dur\t60s -a pack\t9' '[-i][lo][-a][duration:60s][-a][packets:9]'
expect_typed '--bpf "port 53 or port 80" --filter-po\t' '[--bpf][port 53 or port 80][--filter-port]'
expect_typed '-r nig\t' '[-r][night capture.pcap]'
expect_typed '-rnig\t' '[-rnight capture.pcap]'
expect_typed '--read="night c\t' '[--read=night capture.pcap]'
expect_typed "--output-dir=${OUT%?}\t" "[--output-dir=$OUT/]"
expect_typed "--socket $TEMP/cont\t stop ni\t" "[--socket][$SOCKET][stop][night]"
expect_typed 'nonsense \t' '[nonsense]'

kill -STOP "$DAEMON_PID"
begin=${EPOCHREALTIME/./}
expect_candidates "" show ''
expect_equal "a second of waiting" 0 $(((${EPOCHREALTIME/./} - begin) / 1000000))
kill -CONT "$DAEMON_PID"

for script in zsh:_packetsentryctl fish:packetsentryctl.fish; do
    ! command -v "${script%:*}" >/dev/null || "${script%:*}" -n "$completions/${script#*:}" ||
        fail "${script#*:} does not parse"
done
