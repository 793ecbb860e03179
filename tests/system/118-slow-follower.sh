#!/usr/bin/env bash
# A follower that stops reading loses rows, is told which, and the capture does not notice.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

printf '[memory]\nwindow = "8MiB"\n' >"$TEMP/small.toml"
start_daemon --config "$TEMP/small.toml"
ctl start -d -i eth0 -f udp --name flood
expect_status 0
wait_until 10 "the job" job_runs flood
start_ctl slow follow flood --json
start_ctl quick follow flood --json
wait_until 5 "both followers" shows_number flood .followers 2
kill -STOP "${PIDS[slow]}"

write_capture "$TEMP/flood.pcap" 60000
in_b tcpreplay -q --preload-pcap --topspeed --loop=30 -i eth0 "$TEMP/flood.pcap" >"$OUT/tcpreplay.out" 2>&1
sent=$((60000 * 30 / 3 * 2))
wait_until 20 "the flood to be counted" shows_number flood .ledger.recorded "$sent"
expect_equal "dropped by the kernel" 0 "$(job_number flood .ledger.dropped_by_kernel)"
expect_equal "shed" 0 "$(job_number flood .ledger.shed)"
kill -CONT "${PIDS[slow]}"
wait_until 20 "the word of a gap" grep -q 'did not reach' "$OUT/slow.err" "$OUT/slow.out"
ctl stop flood
for name in slow quick; do wait_for "$name" 20; done
rows=$(jq -c 'select(.event.sequence)' "$OUT/slow.out" | wc -l)
((rows < sent)) || fail "the slow follower lost nothing: the flood was too small to prove anything"
