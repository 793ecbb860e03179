#!/usr/bin/env bash
# --wait: a capture may begin before its interface exists. It waits, and says so; once the interface is there it
# captures, from the first packet on, into its file, and its time counts from then. Without --wait, and for a
# name that no interface can have, it is an error as ever.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
for words in "" "-d"; do
    # shellcheck disable=SC2086
    ctl start -i eth7 $words
    expect_status 2
    expect_one_error "$OUT/ctl.err" "no interface 'eth7'; there are: .*eth0"
done
ctl start --wait -i 'no/such'
expect_status 2

echo 'of before' >"$WORK/saved.pcap"
chown "${USER_ID[member]}" "$WORK/saved.pcap"
start_ctl capture start --wait -i eth7 -f icmp -o saved.pcap -a duration:2s
wait_until 10 "the word of it" grep -q "no interface 'eth7'; the capture waits for 'eth7'" "$OUT/capture.err"
start_ctl json --json start --wait -i eth7 -f icmp -c 4
ctl start -d --wait -i eth7 -f icmp --name patient
expect_status 0
wait_until 5 "the job to wait" job_state_is patient waiting
ctl list
expect_line "$OUT/ctl.out" 'patient +waiting .* icmp '
sleep 2.5
kill -0 "${PIDS[capture]}" || fail "its time counted while it waited"
expect_no_line "$OUT/json.err" 'listening on'

cable eth7 10.79.0
wait_until 5 "the job in the background" job_runs patient
wait_until 5 "the capture to begin" grep -q 'the capture begins' "$OUT/capture.err"
wait_until 5 "the word that it captures" grep -q '^listening on eth7 (filter: icmp)$' "$OUT/json.err"
in_b ping -q -n -i 0.01 -c 2 10.79.0.1 >/dev/null
wait_for json
expect_status 0
expect_equal "rows" 4 "$(wc -l <"$OUT/json.out")"
wait_for capture
expect_status 0
expect_count 4 "$OUT/capture.out" ' - ICMP '
expect_line "$OUT/capture.out" 'Packets saved to saved.pcap$'
expect_equal "packets saved" 4 "$(tcpdump -nr "$WORK/saved.pcap" 2>/dev/null | wc -l)"
expect_equal "gaps" 0 "$(job_number patient '.gaps | length')"

# One that still waits when it is stopped has nothing, and its file is as it was.
echo 'of before' >"$WORK/kept.pcap"
chown "${USER_ID[member]}" "$WORK/kept.pcap"
start_ctl never start --wait -i eth8 -o kept.pcap
wait_until 10 "the word of it" grep -q "the capture waits for 'eth8'" "$OUT/never.err"
interrupt never
expect_status 0
expect_equal "its file" "of before" "$(cat "$WORK/kept.pcap")"
expect_no_line "$OUT/never.out" 'saved to kept.pcap'
