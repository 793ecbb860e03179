#!/usr/bin/env bash
# Plain, gzip, zstd, lz4, xz, pcapng, the kinds of patched libpcaps, nanosecond, byte-swapped, from standard input: the same rows.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_capture "$WORK/plain.pcap" 300
editcap -F pcapng "$WORK/plain.pcap" "$WORK/new.pcapng"
editcap -F nsecpcap "$WORK/plain.pcap" "$WORK/nano.pcap"
python3 "$SUPPORT/swap_capture.py" "$WORK/plain.pcap" "$WORK/swapped.pcap"
gzip -k "$WORK/plain.pcap" "$WORK/new.pcapng"
zstd -q "$WORK/plain.pcap" "$WORK/new.pcapng"
lz4 -q -m "$WORK/plain.pcap" "$WORK/new.pcapng"
xz -k -9 "$WORK/plain.pcap"
xz -k "$WORK/new.pcapng"
for kind in modpcap nokiapcap rh6_1pcap suse6_3pcap; do editcap -F "$kind" "$WORK/plain.pcap" "$WORK/$kind.pcap"; done
chmod 644 "$WORK"/*

rows() { jq -c 'del(.observer)' "$1" | sha256sum; }
ctl --json -r plain.pcap
expect_status 0
expect_equal "rows" 300 "$(wc -l <"$OUT/ctl.out")"
want=$(rows "$OUT/ctl.out")
for file in new.pcapng nano.pcap swapped.pcap plain.pcap.gz plain.pcap.zst new.pcapng.gz new.pcapng.zst \
    plain.pcap.lz4 new.pcapng.lz4 plain.pcap.xz new.pcapng.xz {mod,nokia,rh6_1,suse6_3}pcap.pcap; do
    ctl --json -r "$file"
    expect_status 0
    expect_equal "rows of $file" "$want" "$(rows "$OUT/ctl.out")"
    as_user member
    (cd "$WORK" && "${AS[@]}" packetsentryctl --json -r -) <"$WORK/$file" >"$OUT/stdin.out" 2>"$OUT/stdin.err"
    expect_equal "rows of $file from standard input" "$want" "$(rows "$OUT/stdin.out")"
    cat "$WORK/$file" | (cd "$WORK" && "${AS[@]}" packetsentryctl --json -r -) >"$OUT/pipe.out" 2>"$OUT/pipe.err"
    expect_equal "rows of $file from a pipe" "$want" "$(rows "$OUT/pipe.out")"
done
