#!/usr/bin/env bash
# -o FILE.pcapng.gz and FILE.pcap.gz, live and of a file: tshark and this program read back every packet, gzip finds
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
for name in wrong.pcap.xz wrong.pcap.zst; do
    ctl start -d -i eth0 -o "$name"
    expect_status 1
    expect_one_error "$OUT/ctl.err" '\.gz'
done
