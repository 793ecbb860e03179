#!/usr/bin/env bash
# Redaction that the policy asks for holds whatever the user asks, for the job's whole life: no address and no
# name in rows or file; more may be asked for, less may not. Root sees it all.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop", "save", "past"]
redact = { addresses = true }

[[rule]]
user = [${USER_ID[other]}]
actions = ["view", "start", "stop", "save", "past", "filter"]
redact = { payload = 8 }
END
start_daemon_with_policy
serve_dns

ctl start -d --name masked -i eth0 -o masked.pcap --redact payload=1000
expect_status 0
expect_line "$OUT/ctl.err" 'addresses masked'
CTL_AS=root ctl start -d --name plain -i eth0 -f dns
ask secret.example
wait_until 5 "query and answer" shows_number plain .ledger.recorded 2
wait_until 5 "the same, masked" shows_number masked .ledger.recorded 2
sleep 0.3
ctl results masked --json
expect_status 0
expect_no_line "$OUT/ctl.out" '10\.77\.0\.|secret'
CTL_AS=root ctl results plain --json
expect_line "$OUT/ctl.out" '10\.77\.0\.1'
expect_line "$OUT/ctl.out" 'secret\.example'
ctl start -d -i eth0 -f dns
expect_status 5
expect_line "$OUT/ctl.err" "does not allow 'filter'"

stop_daemon
start_daemon_with_policy
wait_until 5 "the job's return" job_runs masked
before=$(job_number masked .ledger.recorded)
ask secret.example
wait_until 5 "query and answer" shows_number masked .ledger.recorded $((before + 2))
sleep 0.3
ctl results masked --json
expect_no_line "$OUT/ctl.out" '10\.77\.0\.|secret'
ctl stop masked
expect_equal "addresses in the file" 0 "$(tcpdump -nr "$WORK/masked.pcap" 2>/dev/null | grep -c '10\.77\.0\.' || true)"

# Eight bytes of payload stay, or fewer where the user wants that.
cut() { # LENGTH OPTIONS…
    local length=$1
    shift
    CTL_AS=other start_ctl capture start -i eth0 -f 'udp' -c 1 --json --name cut "$@"
    wait_until 10 "the capture" job_runs cut
    in_b bash -c 'printf "%0100d" 0 >/dev/udp/10.77.0.1/5000'
    wait_for capture
    expect_status 0
    expect_equal "bytes kept" "$length" "$(jq .packetsentry.captured_bytes "$OUT/capture.out")"
}
cut $((42 + 8))
cut $((42 + 8)) --redact payload=50
cut $((42 + 3)) --redact payload=3
cut 42 --redact headers
