#!/usr/bin/env bash
# Expected: a worker that is stopped while packets come loses what its ring cannot hold: the drops are exact
# in status, gap, file and the client's last line, to the packet, once it goes on.
# Runs alone: it counts what is lost under load.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

printf '[memory]\nring = "1MiB"\n' >"$TEMP/small.toml"
start_daemon --config "$TEMP/small.toml"
start_capture capture start -i eth0 -f udp --name flood -o saved.pcapng
kill -STOP "$(worker_pid)"
write_capture "$TEMP/flood.pcap" 60000
in_b tcpreplay -q --preload-pcap --topspeed -i eth0 "$TEMP/flood.pcap" >"$OUT/tcpreplay.out" 2>&1
kill -CONT "$(worker_pid)"
sent=40000
wait_until 10 "all to be accounted for" shows_number flood .ledger.received "$sent"
sleep 1
show_job flood >"$OUT/show.out"
expect_equal "received" "$sent" "$(jq .ledger.received "$OUT/show.out")"
dropped=$(jq .ledger.dropped_by_kernel "$OUT/show.out")
expect_at_least "dropped" 1 "$dropped"
expect_equal "K: the rest" "$((sent - dropped))" "$(jq .ledger.delivered "$OUT/show.out")"
expect_equal "the gap" "$dropped" "$(jq '[.gaps[] | select(.cause == "ring_full") | .packets] | add' "$OUT/show.out")"
expect_equal "rows and evicted" "$((sent - dropped))" "$(jq '.kept + .evicted' "$OUT/show.out")"
expect_drained flood
interrupt capture
expect_status 0
missed=$(sed -nE '$s/.* missed here ([0-9]+);.*/\1/p' "$OUT/capture.err")
expect_equal "the last line" "$((sent - dropped - missed)) packets shown, $((dropped + missed)) lost: dropped by the \
kernel $dropped${missed:+, missed here $missed}; received $sent, malformed 0, saved $((sent - dropped))" \
    "$(tail -n 1 "$OUT/capture.err")"
expect_equal "rows shown" "$((sent - dropped - missed))" "$(count_lines "$OUT/capture.out" ' -> ')"
expect_equal "packets saved" "$((sent - dropped))" "$(capinfos -McT "$WORK/saved.pcapng" | tail -n 1 | cut -f 2)"
# The interface statistics block, which is the last.
counted() { od -An -tu8 -j $(($(stat -c %s "$WORK/saved.pcapng") - $1)) -N8 "$WORK/saved.pcapng" | tr -d ' '; }
expect_equal "received, by the file" "$sent" "$(counted 28)"
expect_equal "dropped, by the file" "$dropped" "$(counted 16)"
