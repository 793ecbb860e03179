#!/usr/bin/env bash
# A capture made fit to be shared: read --redact, without the daemon.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

PACKETS=300

captured_sizes() { # FILE
    ctl --json read "$1"
    jq .packetsentry.captured_bytes "$OUT/ctl.out" | sort -n | uniq -c
}
read_redacted() { # NAME WORD
    ctl read capture.pcap --redact "$2" -o "$1.pcap" --no-files
    expect_status 0
    expect_equal "packets in $1" "$PACKETS" "$(tcpdump -nr "$WORK/$1.pcap" 2>/dev/null | wc -l)"
    expect_equal "lengths on the wire of $1" "$(tcpdump -enr "$WORK/capture.pcap" 2>/dev/null | grep -oE ', length [0-9]+:')" \
        "$(tcpdump -enr "$WORK/$1.pcap" 2>/dev/null | grep -oE ', length [0-9]+:')"
    cp "$OUT/ctl.out" "$WORK/$1.out"
}

write_capture "$WORK/capture.pcap" "$PACKETS"
ctl read capture.pcap --no-files
grep -oE '([0-9]+\.){3}[0-9]+' "$OUT/ctl.out" | sort -u >"$WORK/addresses"
expect_at_least "addresses" 2 "$(wc -l <"$WORK/addresses")"

read_redacted headers headers
expect_line "$WORK/headers.out" "^$WHEN - Reading packets from capture.pcap, redacted: headers only$"
expect_no_line "$WORK/headers.out" ' (DNS|HTTP) '
grep -qFf "$WORK/addresses" "$WORK/headers.out" || fail "addresses were to stay"

read_redacted some payload=4
expect_line "$WORK/some.out" "redacted: 4 bytes of payload$"

read_redacted masked addresses
! grep -qFf "$WORK/addresses" "$WORK/masked.out" || fail "an address is left"
expect_equal "sizes of masked and of headers alone" "$(captured_sizes headers.pcap)" \
    "$(captured_sizes masked.pcap)"
mv "$WORK/masked.out" "$WORK/before.out"
read_redacted masked addresses
! cmp -s "$WORK/before.out" "$WORK/masked.out" || fail "two runs have the same key"

# What was taken out stays out, whatever is read afterwards.
ctl read masked.pcap --no-files
! grep -qFf "$WORK/addresses" "$OUT/ctl.out" || fail "an address is left in the file"

for word in '' header payload payload=x payload=-1 payload=4294967296; do
    ctl read capture.pcap --redact "$word" -o never.pcap
    expect_status 1
    expect_one_error "$OUT/ctl.err" 'cannot redact .*: write --redact headers, --redact payload=64, with a number from 0 to 4294967295, or --redact addresses'
    [[ ! -e $WORK/never.pcap ]] || fail "a file was made"
done
