#!/usr/bin/env bash
# -v, -x, -X and -A of live captures: fields and bytes below each line on the screen, and nowhere else. A job in the
# background keeps bytes where it was asked to, and is asked for them later; packets of the longest length, within the
# memory of the job. What was redacted is not among the bytes.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

SECRET=Confidential

printf '[memory]\nwindow = "8MiB"\n' >"$TEMP/small.toml"
start_daemon --config "$TEMP/small.toml"
serve_http
start_ctl capture start -i eth0 -f icmp -c 2 -v -X -o shown.pcap --name shown
wait_until 10 "the capture" job_runs shown
in_b ping -q -n -c 1 -p 48656c6c6f 10.77.0.1 >/dev/null
wait_for capture
expect_status 0
expect_line "$OUT/capture.out" '^    ip\.proto +1 \(ICMP\)  '
expect_line "$OUT/capture.out" '^    icmp\.type +8 '
expect_line "$OUT/capture.out" '^	0x0000:  45.*E\.'
expect_equal "bytes" "$(tcpdump -nXr "$WORK/shown.pcap" 2>/dev/null | grep -P '^\t')" "$(grep -P '^\t' "$OUT/capture.out")"
for file in "$WORK"/packetsentry.log "$WORK"/packetsentry_results_*.txt; do
    ! grep -qP '^(\t|  )' "$file" || fail "$file has more than lines"
done

# Kept by a job in the background, and by none that was not asked to.
ctl start -d -i eth0 -f icmp -x --name keeps
expect_status 0
ctl start -d -i eth0 -f icmp --name bare
expect_status 0
wait_until 10 "the job" job_runs keeps
wait_until 10 "the job" job_runs bare
ping_a 1
wait_until 3 "two packets" shows_number keeps .ledger.recorded 2
wait_until 3 "two packets" shows_number bare .ledger.recorded 2
ctl results keeps -xx
expect_status 0
expect_count 2 "$OUT/ctl.out" ' - ICMP '
expect_count 2 "$OUT/ctl.out" '^	0x0000:  [0-9a-f]{4} '
ctl results keeps
expect_count 2 "$OUT/ctl.out" '^Summary: ICMP'
expect_count 0 "$OUT/ctl.out" '^	'
start_ctl follow follow keeps --from-start -A
wait_until 3 "the followed bytes" has_lines 2 "$OUT/follow.out" '^	E'
interrupt follow
ctl results bare -X
expect_status 0
expect_count 2 "$OUT/ctl.out" ' - ICMP '
expect_count 0 "$OUT/ctl.out" '^	'
expect_count 1 "$OUT/ctl.err" 'does not keep the bytes of its packets.* started with -x, -X or -A$'
ctl results bare -v
expect_count 2 "$OUT/ctl.out" '^    icmp\.seq +1 '
ctl stop keeps bare

# As long as a packet can be.
in_b ip link set lo up
in_a ip link set lo up mtu 65536
ctl start -d -i lo -f icmp -X --name long
expect_status 0
wait_until 10 "the job" job_runs long
in_a ping -q -n -i 0.01 -c 200 -s 65000 127.0.0.1 >/dev/null
wait_until 10 "all packets" shows_number long .ledger.recorded 400
ctl stop long
ctl results long -xx
expect_status 0
expect_at_least "packets that are kept" 90 "$(grep -c ' - ICMP ' "$OUT/ctl.out")"
expect_equal "last bytes of each" "$(grep -c ' - ICMP ' "$OUT/ctl.out")" "$(grep -c '^	0xfe10:' "$OUT/ctl.out")"
expect_line "$OUT/ctl.err" ' packets shown, .* no longer kept'

# What was taken out is not there.
echo "$SECRET" >"$TEMP/site/secret"
start_ctl capture start -i eth0 --filter-port 80 --redact payload=0 -XX -A -a duration:20s --name redacted
wait_until 10 "the capture" job_runs redacted
fetch /secret >/dev/null
wait_until 5 "packets" has_lines 8 "$OUT/capture.out" ' - TCP '
interrupt capture
expect_line "$OUT/capture.out" '^	0x0000:'
! tr -d '\n' <"$OUT/capture.out" | grep -qiE 'Conf|GET|HTTP' || fail "payload is among the bytes"

expect_refused() { # EXTENDED_REGEX ARGUMENTS…
    local told=$1
    shift
    ctl "$@"
    expect_status 1
    expect_one_error "$OUT/ctl.err" "$told"
}
expect_refused '-X .*the format json' start -i eth0 -X --json
expect_refused '-v .*-q' start -i eth0 -qv
expect_refused "-x .*'-o -'" start -i eth0 -x -o -
expect_refused '-A .*the format json' follow long -A --json
expect_refused '-v .*the format json' results long -v --json
