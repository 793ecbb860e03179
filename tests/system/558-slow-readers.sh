#!/usr/bin/env bash
# 64 readers of one user that take nothing hold no more than their user may, and another's reader loses
# nothing; they are sent away.
# Runs alone: it takes all that a user may have of the machine.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

printf '%s\n' '[clients]' 'reader_seconds = 8' 'waiting = "2MiB"' 'max_per_user = 80' \
    '[memory]' 'window = "256MiB"' >"$TEMP/brisk.toml"
start_daemon --config "$TEMP/brisk.toml"
ctl start -d -i eth0 -f udp --name flood
wait_until 10 "the job" job_runs flood
as_user member
("${AS[@]}" PYTHONPATH="$SUPPORT" PYTHONDONTWRITEBYTECODE=1 python3 "$SUPPORT/attack.py" readers 64 flood) \
    >"$OUT/readers.out" 2>&1 &
PIDS[readers]=$!
wait_until 10 "the readers" grep -q here "$OUT/readers.out"
CTL_AS=root start_ctl good follow flood --json
wait_until 5 "all of them" shows_number flood .followers 65

write_capture "$TEMP/flood.pcap" 60000
in_b tcpreplay -q --preload-pcap --topspeed --loop=5 -i eth0 "$TEMP/flood.pcap" >"$OUT/tcpreplay.out" 2>&1
sent=$((60000 * 5 / 3 * 2))
wait_until 20 "the flood to be counted" shows_number flood .ledger.recorded "$sent"
expect_served "readers that take nothing"
as_user root
held=$("${AS[@]}" packetsentryctl --json status | jq .waiting_bytes)
echo "$held bytes wait for 64 readers"
# What one may hold, and the one batch that went over it.
((held < (2 << 20) + (1 << 20))) || fail "$held bytes wait for the readers of one user, who may hold 2 MiB"
expect_equal "dropped by the kernel" 0 "$(job_number flood .ledger.dropped_by_kernel)"
expect_equal "shed" 0 "$(job_number flood .ledger.shed)"

wait_until 20 "those who take nothing to be sent away" sh -c "[ \$(grep -c 'read nothing for' '$TEMP/daemon.log') -ge 1 ]"
ctl stop flood
wait_for good 20
expect_equal "rows of the other reader" "$sent" "$(jq -c 'select(.event.sequence)' "$OUT/good.out" | wc -l)"
expect_no_line "$OUT/good.err" 'did not reach'
expect_at_least "slow readers sent away" 1 "$(refusals slow_reader)"
kill -KILL "${PIDS[readers]}"
wait "${PIDS[readers]}" 2>/dev/null || true
wait_until 10 "the readers to be gone" daemon_quiet
