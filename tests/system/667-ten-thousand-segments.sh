#!/usr/bin/env bash
# Expected: with ten thousand segments in the spool, the daemon starts hardly later than without any (200 ms on a machine
# that does nothing else, and 2 s in any case), its catalogue takes no more than 16 MiB of the control process, and a
# question about all of them is answered.
# Runs alone: it measures how long the daemon takes to start.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

segments=10000
state_in_memory "$TEMP/state" 1G
write_capture "$TEMP/past.pcap" $((4 * segments))
record_past 7 past 4 "$TEMP/past.pcap"
expect_equal "segments" $segments "$(find "$SPOOL/7" -name '*.rows' | wc -l)"

mkdir -m 0700 "$TEMP/empty"
read -r empty_ms empty_kib < <(start_cost "$TEMP/empty" 3)
read -r full_ms full_kib < <(start_cost "$TEMP/state" 3)
printf '%s segments: the start takes %s ms instead of %s, and the control process has %s KiB instead of %s\n' \
    $segments "$full_ms" "$empty_ms" "$full_kib" "$empty_kib"
((full_ms - empty_ms <= 2000)) || fail "the start takes $full_ms ms instead of $empty_ms"
((full_kib - empty_kib <= 16384)) || fail "the catalogue takes $((full_kib - empty_kib)) KiB"

start_daemon --config "$TEMP/start.toml"
ctl search --name 39998.example.test --json --explain
expect_status 0
expect_equal "one name of all" 39999 "$(found_numbers)"
expect_line "$OUT/ctl.err" "^Segments: +$segments, of which $segments were asked by their index$"
expect_line "$OUT/ctl.err" "^Blocks: +$segments, of which 1 were read$"
ctl search --filter-ip 10.9.0.17 --json
expect_equal "a host in many of them" "$(seq 17 250 40000 | tr '\n' ' ')" "$(jq -r .event.sequence "$OUT/ctl.out" | tr '\n' ' ')"
sed -n '/^Duration/p' "$OUT/ctl.err"
