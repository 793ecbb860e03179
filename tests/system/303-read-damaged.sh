#!/usr/bin/env bash
# A cut file gives every whole packet before the cut, then one clear error and status 3. One that needs more memory
# than we give it is not called damaged.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_capture "$WORK/whole.pcap" 300
editcap -F pcapng "$WORK/whole.pcap" "$WORK/whole.pcapng"
for ending in pcap pcapng; do
    size=$(stat -c %s "$WORK/whole.$ending")
    head -c $((size - 10)) "$WORK/whole.$ending" >"$WORK/cut.$ending"
done
gzip -k "$WORK/whole.pcap"
head -c $(($(stat -c %s "$WORK/whole.pcap.gz") - 200)) "$WORK/whole.pcap.gz" >"$WORK/cut.pcap.gz"
chmod 644 "$WORK"/*
for file in cut.pcap cut.pcapng; do
    rm -f "$WORK"/packetsentry*
    ctl -r "$file"
    expect_status 3
    expect_count 299 "$OUT/ctl.out" "^$WHEN - (TCP|UDP|DNS) "
    expect_count 1 "$OUT/ctl.err" "$file"
    expect_count 299 "$(results_file)" '^Summary: '
done
ctl -r cut.pcap.gz --no-files
expect_status 3
expect_at_least "packets before the cut" 200 "$(count_lines "$OUT/ctl.out" "^$WHEN - (TCP|UDP|DNS) ")"
for pack in "xz -k" "lz4 -q -m"; do
    $pack "$WORK/whole.pcap"
done
for file in whole.pcap.xz whole.pcap.lz4; do
    head -c $(($(stat -c %s "$WORK/$file") - 20)) "$WORK/$file" >"$WORK/cut.${file#*.}"
    ctl -r "cut.${file#*.}" --no-files
    expect_status 3
    expect_line "$OUT/ctl.err" "the ${file##*.} data is truncated"
done
xz -k -c --lzma2=preset=0,dict=128MiB "$WORK/whole.pcap" >"$WORK/large.pcap.xz"
ctl -r large.pcap.xz
expect_status 3
expect_one_error "$OUT/ctl.err" "large.pcap.xz': the xz data cannot be unpacked .*: it needs more than 96 MiB"
