#!/usr/bin/env bash
# Numbers at the edge of what 32, 63 and 64 bits hold, by every option, by a client written by hand, and by every
# key of both files: each means what it says or is refused in one line, and none ends a capture at once.
# Runs alone: it takes all that a user may have of the machine.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

printf '[jobs]\nmax_per_user = 64\n[captures]\nsockets_per_interface = 64\n[memory]\nrings_per_user = "4GiB"\n' >"$TEMP/packetsentryd.toml"
start_daemon --config "$TEMP/packetsentryd.toml"

# Each of these says "as good as never"; a second later the capture is still there.
declare -A LONG=([ns]="-a duration:9223372036s" [bare]="-a duration:9223372036" [ms]="-a duration:9223372036000ms"
    [m]="-a duration:153722867m" [h]="-a duration:2562047h" [count]="-c 9223372036854775807"
    [packets]="-a packets:9223372036854775807" [size]="-o size.pcap -a filesize:1073741824GiB"
    [snap]="-s 262144" [port]="--filter-port 65535" [redact]="--redact payload=4294967295" [none]="-c 0 -s 0")
for name in "${!LONG[@]}"; do
    # shellcheck disable=SC2086
    start_capture "$name" start -i eth0 --no-files ${LONG[$name]}
done
sleep 1.2
for name in "${!LONG[@]}"; do
    kill -0 "${PIDS[$name]}" || fail "'${LONG[$name]}' has ended by itself: $(cat "$OUT/$name.err")"
done
send_numbered 65535 1
for name in "${!LONG[@]}"; do
    interrupt "$name"
    expect_status 0
    expect_line "$OUT/$name.out" 'PacketSentry stopped by user'
    expect_at_least "packets with '${LONG[$name]}'" 1 "$(count_lines "$OUT/$name.out" ' -> 65535')"
done

# The lowest ones end it as they say.
for time in 1ms 1; do
    ctl start -i eth0 --no-files -a "duration:$time"
    expect_status 0
done
for words in "-c 1" "-a packets:1"; do
    # shellcheck disable=SC2086
    start_capture "low $words" start -i eth0 --no-files -f udp -a duration:20s $words
    send_numbered 2000 5
    wait_for "low $words"
    expect_status 0
    expect_count 1 "$OUT/low $words.out" ' - UDP '
done

# One more than the highest, and what is no number: status 1 (4 for a filter), one line with what may be given.
refused=0
expect_refusal() { # STATUS ARGUMENTS…
    local status=$1
    shift
    ctl start -i eth0 "$@"
    expect_status "$status"
    expect_one_error "$OUT/ctl.err" "^packetsentryctl: .*(: write .* (from|with a number from) .* to )"
    refused=$((refused + 1))
}
for number in "" -1 +5 1e3 " 5" "5 " 0x10 5.0 ٣ 9223372036854775808 18446744073709551615 18446744073709551616; do
    expect_refusal 1 -c "$number"
    expect_refusal 1 -s "$number"
    expect_refusal 1 -a "packets:$number"
    expect_refusal 1 --redact "payload=$number"
    expect_refusal 4 --filter-port "$number"
    for unit in "" ms s m h; do expect_refusal 1 -a "duration:$number$unit"; done
    for unit in B kB MB GB KiB MiB GiB; do expect_refusal 1 -o x.pcap -a "filesize:$number$unit"; done
done
expect_refusal 1 -a duration:9223372037s
expect_refusal 1 -a duration:0
expect_refusal 1 -o x.pcap -a filesize:1073741825GiB
expect_refusal 1 -a packets:0
expect_refusal 1 -s 262145
expect_refusal 1 --redact payload=4294967296
expect_refusal 4 --filter-port 65536
expect_refusal 4 --filter-port 0
[[ ! -e $WORK/x.pcap ]] || fail "a refused command line made its output"

# Whoever writes a client may send any 64 bits.
as_user member
(cd "$WORK" && "${AS[@]}" python3 -B "$SUPPORT/numbers_by_hand.py" eth0) >"$OUT/by-hand.out" 2>"$OUT/by-hand.err"
sleep 1.2
for name in packets-{31,32,63-1,63,64-1} duration-{63-1,63,64-1} bytes-{1,31,32,63-1,63,64-1} snapshot-262144; do
    expect_line "$OUT/by-hand.out" "^$name: [0-9]+\$"
    job_runs "$name" || fail "the job $name does not run: $(job_number "$name" .state)"
done
expect_line "$OUT/by-hand.out" '^duration-32: [0-9]+$'
for name in duration-1 duration-31 duration-32; do  # the last of them is 4.3 s
    wait_until 10 "the end of $name" job_state_is "$name" finished
done
for name in snapshot-262145 snapshot-4294967295 ring-1073741825 ring-4294967295; do
    expect_line "$OUT/by-hand.out" "^$name: 1 the (snapshot length is|kernel's ring has) at most "
done

# Both files.
config=$TEMP/edge.toml policy=$TEMP/edge-policy.toml
checks=0
check_config() {
    STATUS=0
    "$BIN/packetsentryd" --config "$config" --check-config >"$OUT/check.out" 2>"$OUT/check.err" || STATUS=$?
    checks=$((checks + 1))
}
expect_good() { # WHAT
    check_config
    expect_equal "status of --check-config with $1 ($(cat "$OUT/check.err"))" 0 "$STATUS"
}
expect_bad() { # WHAT
    check_config
    expect_equal "status of --check-config with $1" 1 "$STATUS"
    expect_one_error "$OUT/check.err" "^packetsentryd: .*/edge(-policy)?\.toml:[0-9]+: "
}

number_key() { # TABLE KEY VALUE
    printf '[%s]\n%s = %s\n' "$@" >"$config"
}
MiB=1048576
while read -r table key low high; do
    for value in "$low" "$high"; do
        number_key "$table" "$key" "$value"
        expect_good "$key = $value"
    done
    for value in $((low - 1)) $((high + 1)) -1 9223372036854775808 18446744073709551615 1e3 ٣ "" '"+5"'; do
        number_key "$table" "$key" "$value"
        expect_bad "$key = $value"
    done
done <<EOF_KEYS
jobs max 1 1024
jobs max_per_user 1 1024
jobs finished 0 10000
jobs finished_minutes 0 525600
clients max 1 65536
clients max_per_user 1 65536
clients streams_per_user 1 65536
clients requests_per_second 1 1000000
clients waiting $MiB $((65536 * MiB))
clients reader_seconds 5 86400
memory window $((8 * MiB)) $((65536 * MiB))
memory kept $((8 * MiB)) $((1048576 * MiB))
memory ring $MiB $((1024 * MiB))
EOF_KEYS

printf 'policy = "%s"\n' "$policy" >"$config"
rule() { # LINE
    printf '[[rule]]\n%s\nactions = []\n' "$1" >"$policy"
    chmod 644 "$policy"
}
while read -r before low high after; do
    [[ $after != - ]] || after=
    [[ $before == user* || $before == group* ]] && who= || who='user = [7]'
    for value in "$low" "$high"; do
        rule "${before//_/ }$value$after"$'\n'"$who"
        expect_good "$before$value$after"
    done
    for value in $((high + 1)) -1 9223372036854775808 18446744073709551615 1e3 ٣; do
        rule "${before//_/ }$value$after"$'\n'"$who"
        expect_bad "$before$value$after"
    done
done <<'EOF_KEYS'
user_=_[ 0 4294967294 ]
group_=_[ 0 4294967294 ]
snaplen_=_ 1 262144 -
"max\u005Fjobs"_=_ 1 1024 -
"max\u005Frate"_=_ 1 1000000000 -
"max\u005Fbytes"_=_ 1 1125899906842624 -
"max\u005Fbytes"_=_' 1 1048576 GiB'
lifetime_=_' 1 31622400 s'
lifetime_=_' 1 366 d'
redact.payload_=_ 0 262144 -
EOF_KEYS

echo "${#LONG[@]} captures went on, $refused command lines refused, $checks configurations checked"
