#!/usr/bin/env bash
# --redact addresses: neither names nor addresses in the saved file, the log, the results, JSON; everything
# else true. The same host is the same in every job, also after a restart of the daemon.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

traffic() {
    ask secret.example.test
    ask secret.example.test +tcp
    fetch /secret-page >/dev/null || true
    ping_a 2
    in_b ping -6 -q -n -i 0.01 -c 2 fd77::1 >/dev/null
}

mac_of() { # NAMESPACE
    ip -n "$1" -json link show eth0 | jq -r '.[0].address'
}

# As text and as bytes. Of the MAC addresses either spelling.
secrets() {
    local mac address
    for mac in "$(mac_of "$NS_A")" "$(mac_of "$NS_B")"; do
        echo "$mac"
        tr ':a-f' '-A-F' <<<"$mac"
        echo "\\x${mac//:/\\x}"
    done
    for address in '10\.77\.0\.[12]\b' '\x0a\x4d\x00[\x01\x02]' 'fd77::' '\xfd\x77\x00\x00\x00\x00' '192\.0\.2\.7' \
        '\xc0\x00\x02\x07' secret example; do echo "$address"; done
}

expect_no_secrets() { # FILE…
    local secret file
    for file in "$@"; do
        [[ -s $file ]] || fail "$file is empty"
        while read -r secret; do
            ! LC_ALL=C grep -qaP -- "$secret" "$file" || fail "${file##*/} holds $secret"
        done < <(secrets)
    done
}

# Who talked with whom, each line once; neighbours are only looked for where they are not known.
conversations() { # NAME
    grep -E ' (UDP|TCP|Echo) ' "$OUT/$1.out" | grep -oE '[0-9a-f]+[.:][0-9a-f.:]+ -> [0-9a-f.:]+' | sort -u
}

capture_masked() { # NAME
    start_capture "$1" start -i eth0 --redact addresses -o "$1.pcap" --name "$1"
    traffic
    wait_until 5 "the pings" has_lines 4 "$OUT/$1.out" ' ICMPv6 .* Echo (request|reply)'
}

lengths() { # FILE
    tcpdump -enr "$1" 'port 53 or port 80 or icmp' 2>>"$OUT/tcpdump.err" | grep -oE ', length [0-9]+:' || true
}

start_daemon
serve_dns
serve_http
start_capture plain start -i eth0 -o plain.pcap --no-files
capture_masked first
expect_line "$OUT/first.out" "^$WHEN - Starting capture on eth0 \(filter: none\), redacted: addresses masked, headers only$"
ctl show first
expect_line "$OUT/ctl.out" '^Redacted:? +addresses masked, headers only$'
ctl --json results first
cp "$OUT/ctl.out" "$WORK/first.json"
interrupt first
expect_status 0
interrupt plain

expect_no_secrets "$WORK/first.pcap" "$WORK/first.json" "$OUT/first.out" "$(results_file)"
LC_ALL=C grep -qaP 'secret' "$WORK/plain.pcap" || fail "the plain capture holds no secret: the test proves nothing"
expect_equal "broken checksums of IPv4 headers" 0 \
    "$(tcpdump -vnr "$WORK/first.pcap" ip 2>>"$OUT/tcpdump.err" | grep -c '^[0-9].*bad cksum' || true)"
ctl --json read first.pcap
expect_at_least "packets that are told to be longer than what is kept" 6 \
    "$(jq -s 'map(select(.network.bytes > .packetsentry.captured_bytes)) | length' "$OUT/ctl.out")"
diff <(lengths "$WORK/plain.pcap") <(lengths "$WORK/first.pcap") || fail "lengths on the wire differ"
expect_equal "the ledger" true "$(show_job first | jq '.ledger | .received == .delivered + .dropped_by_kernel and .unread == 0 and
    .delivered == .recorded + .shed + .filtered and .saved == .recorded and .not_saved == 0 and .malformed == 0')"

# Without the file only a new key can be had.
expect_equal "the key's file" "600 32" "$(stat -c '%a %s' "$TEMP/state/mask-key")"
capture_masked second
ctl filter second --bpf 'ip or ip6'
expect_status 0
traffic
interrupt second
expect_no_secrets "$WORK/second.pcap"
stop_daemon
start_daemon
capture_masked third
interrupt third
diff <(conversations first) <(conversations second) || fail "another job masks differently"
diff <(conversations first) <(conversations third) || fail "after a restart addresses are masked differently"

stop_daemon
rm "$TEMP/state/mask-key"
start_daemon
capture_masked fourth
interrupt fourth
! diff -q <(conversations first) <(conversations fourth) >/dev/null || fail "a new key masks like the old one"

# No key, no capture: a broken file is not passed over.
stop_daemon
truncate -s 31 "$TEMP/state/mask-key"
start_daemon
ctl start -i eth0 --redact addresses -c 1
expect_status 3
expect_one_error "$OUT/ctl.err" 'mask-key is not a key for masking addresses'
