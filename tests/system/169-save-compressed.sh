#!/usr/bin/env bash
# -o FILE.pcapng.gz, FILE.pcap.gz and .zst, live and of a file: tshark and this program read back every packet, gzip finds
# nothing to complain of, and the file is readable while it grows, and behind a worker that was killed.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
packets_in() { tshark -nr "$1" 2>"$OUT/tshark.err" | wc -l; }
expect_readable() { # FILE PACKETS
    gzip -t "$1"
    expect_equal "packets of $1 for tshark" "$2" "$(packets_in "$1")"
    expect_no_line "$OUT/tshark.err" 'cut short|truncated'
    as_user root
    expect_equal "packets of $1 for us" "$2" "$("${AS[@]}" packetsentryctl -r "$1" --json 2>"$OUT/read.err" | wc -l)"
}

for name in live.pcapng.gz live.pcap.gz; do
    start_capture "$name" start -i eth0 -f icmp --name "$name" -o "$name"
    ping_a 20
    # A piece waits for a second.
    wait_until 5 "the packets in the file" shows_number "$name" .ledger.saved 20
    expect_at_least "packets while the file grows" 20 "$(packets_in "$WORK/$name")"
    kill -KILL "$(worker_pid)"
    wait_until 5 "the worker's return" has_lines 1 "$OUT/$name.err" 'goes on'
    ping_a 20
    wait_until 3 "the packets of the new worker" shows_number "$name" .ledger.recorded 80
    interrupt "$name"
    expect_count 1 "$OUT/$name.out" "^$WHEN - Packets saved to ${name//./\\.}$"
    saved=$(job_number "$name" .ledger.saved)
    expect_equal "saved and not saved" "$(job_number "$name" .ledger.recorded)" \
        $((saved + $(job_number "$name" .ledger.not_saved)))
    expect_readable "$WORK/$name" "$saved"
    expect_equal "bytes" "$(stat -c %s "$WORK/$name")" "$(job_number "$name" .ledger.saved_bytes)"
done

write_capture "$TEMP/many.pcap" 60000
as_user root
(cd "$WORK" && "${AS[@]}" packetsentryctl -r "$TEMP/many.pcap" -q --no-files -o many.pcapng.gz >/dev/null)
expect_readable "$WORK/many.pcapng.gz" 60000
(($(stat -c %s "$WORK/many.pcapng.gz") * 3 < $(stat -c %s "$TEMP/many.pcap"))) || fail "the file is hardly smaller"

# zstd: one frame, whose end is missing while the file grows and behind a worker that was killed. The next worker
# completes it, and begins a second frame, of which Wireshark 4.0 may know nothing.
name=live.pcapng.zst
start_capture "$name" start -i eth0 -f icmp --name "$name" -o "$name"
ping_a 20
wait_until 5 "the packets in the file" shows_number "$name" .ledger.saved 20
expect_at_least "packets while the file grows" 20 "$(packets_in "$WORK/$name")"
! zstd -tq "$WORK/$name" 2>/dev/null || fail "the frame of $name is complete while it grows"
expect_at_least "packets for zstdcat" 20 "$({ zstdcat "$WORK/$name" 2>/dev/null || true; } | tcpdump -nr - 2>/dev/null | wc -l)"
kill -KILL "$(worker_pid)"
wait_until 5 "the worker's return" has_lines 1 "$OUT/$name.err" 'goes on'
ping_a 20
wait_until 3 "the packets of the new worker" shows_number "$name" .ledger.recorded 80
interrupt "$name"
zstd -tq "$WORK/$name"
zstdcat "$WORK/$name" >"$TEMP/unpacked"
saved=$(job_number "$name" .ledger.saved)
expect_equal "packets of $name" "$saved" "$(packets_in "$TEMP/unpacked")"
expect_equal "packets of $name for us" "$saved" "$("${AS[@]}" packetsentryctl -r "$WORK/$name" --json 2>/dev/null | wc -l)"
expect_equal "bytes" "$(stat -c %s "$WORK/$name")" "$(job_number "$name" .ledger.saved_bytes)"
(cd "$WORK" && "${AS[@]}" packetsentryctl -r "$TEMP/many.pcap" -q --no-files -o many.pcapng.zst >/dev/null)
zstd -tq "$WORK/many.pcapng.zst"
expect_equal "packets of the file for tshark" 60000 "$(packets_in "$WORK/many.pcapng.zst")"
expect_equal "frames" 1 "$(zstd -l "$WORK/many.pcapng.zst" | awk 'END { print $1 }')"
# A reader that is cut off has all whole pieces, and says so.
head -c $(($(stat -c %s "$WORK/many.pcapng.zst") - 3)) "$WORK/many.pcapng.zst" >"$WORK/cut.pcapng.zst"
"${AS[@]}" packetsentryctl -r "$WORK/cut.pcapng.zst" --json >"$OUT/cut.out" 2>"$OUT/cut.err" || true
expect_equal "packets of a file without the end of its frame" 60000 "$(wc -l <"$OUT/cut.out")"
expect_line "$OUT/cut.err" 'cut'

ctl start -d -i eth0 -o wrong.pcap.xz
expect_status 1
expect_one_error "$OUT/ctl.err" '\.gz or \.zst'
