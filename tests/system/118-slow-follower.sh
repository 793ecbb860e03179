#!/usr/bin/env bash
# A follower that stops reading loses rows, is told which, to the row; one that reads has them all, and the
# capture does not notice.
# Runs alone: it counts what is lost under load.
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

last_row() { # NAME
    tail -c 4096 "$OUT/$1.out" | grep -oE '"sequence":[0-9]+' | tail -n 1 | cut -d: -f2
}
has_row() { # NAME ROW
    (($(last_row "$1") >= $2))
}

# A part at a time, which the window holds: the quick one need not be quicker than this machine allows.
write_capture "$TEMP/flood.pcap" 60000
for part in 1 2 3 4; do
    in_b tcpreplay -q --preload-pcap --topspeed --loop=3 -i eth0 "$TEMP/flood.pcap" >"$OUT/tcpreplay.out" 2>&1
    sent=$((60000 * 3 / 3 * 2 * part))
    wait_until 20 "the quick follower's rows" has_row quick "$sent"
done
wait_until 20 "the flood to be counted" shows_number flood .ledger.recorded "$sent"
expect_equal "dropped by the kernel" 0 "$(job_number flood .ledger.dropped_by_kernel)"
expect_equal "shed" 0 "$(job_number flood .ledger.shed)"
kill -CONT "${PIDS[slow]}"
wait_until 20 "the word of a gap" grep -q 'did not reach' "$OUT/slow.err"
ctl stop flood
for name in slow quick; do wait_for "$name" 20; done

# Each row once and in its order, or within a gap that was told.
accounted() { # NAME: prints rows seen and rows told to be missing
    { sed -nE 's/^rows? ([0-9]+)( to ([0-9]+))? did not reach.*/gap \1 \3/p' "$OUT/$1.err"
        grep -oE '"event":\{"sequence":[0-9]+' "$OUT/$1.out"; } |
        awk -F '[: ]' '
            function skip_gap() { if (row + 1 in end) { missing += end[row + 1] - row; row = end[row + 1] } }
            $1 == "gap" { end[$2] = $3 == "" ? $2 : $3; next }
            { skip_gap(); if ($NF != row + 1 && !wrong) wrong = "row " $NF " after " row; row = $NF; ++rows }
            END { skip_gap(); print wrong ? wrong : rows + 0 " " missing + 0 }'
}
expect_equal "rows of the quick follower, and what it missed" "$sent 0" "$(accounted quick)"
slow=$(accounted slow)
[[ $slow =~ ^[0-9]+\ [0-9]+$ ]] || fail "the slow follower: $slow"
read -r rows missing <<<"$slow"
((rows < sent)) || fail "the slow follower lost nothing: the flood was too small to prove anything"
expect_equal "rows of the slow follower ($rows) and its gaps ($missing)" "$sent" "$((rows + missing))"
