#!/usr/bin/env bash
# The policy's greatest snapshot length holds whatever is asked for, and is told; a job ends at the bytes it
# may save.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop", "filter", "save", "past"]
snaplen = 64
max_bytes = "10KiB"
END
start_daemon_with_policy

send_large() { in_b ping -q -n -i 0.01 -s 1000 -c "$1" 10.77.0.1 >/dev/null; }
captured() { # LENGTH START_OPTIONS…
    local length=$1
    shift
    start_ctl capture start -i eth0 -f icmp -c 4 --json --name cut "$@"
    wait_until 10 "the capture" job_runs cut
    send_large 2
    wait_for capture
    expect_status 0
    jq -es "length == 4 and all(.network.bytes == 1042 and .packetsentry.captured_bytes == $length)" \
        "$OUT/capture.out" >/dev/null || fail "lengths: $(head -n 1 "$OUT/capture.out")"
    expect_line "$OUT/capture.err" 'of the policy: at most 64 bytes of a packet; at most 10240 bytes saved'
}
captured 64
captured 64 -s 0
captured 64 -s 200
captured 48 -s 48

# 16 + 64 bytes a packet; the change of filter begins another worker, not another 10 KiB.
ctl start -d --name file -i eth0 -o file.pcap -a filesize:1MiB
expect_status 0
send_large 30
wait_until 5 "the first packets" shows_number file .ledger.saved 60
ctl filter file -f icmp
expect_status 0
send_large 50
wait_until 10 "the end" job_over file
size=$(stat -c %s "$WORK/file.pcap")
((size >= 10240 && size <= 10240 + 80)) || fail "the file has $size bytes"
expect_equal "state" '"finished"' "$(job_number file .state)"
