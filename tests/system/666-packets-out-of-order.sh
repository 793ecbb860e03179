#!/usr/bin/env bash
# Expected: packets whose times are not in order, within a block, between blocks and between segments, are found by their
# times, each once. The rows of a job come in the order in which they were recorded, forward and backward. Times before
# 1970 and far in the future are times like others.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

day=1747305000 # 2025-05-15 10:30:00 UTC
write_capture "$TEMP/plain.pcap" 600
python3 - "$day" >"$TEMP/times" <<'PY'
import sys

begin = int(sys.argv[1])
for number in range(1, 601):
    if number <= 100: print(begin + (number * 37) % 100)       # mixed up within a block
    elif number <= 200: print(begin + 100 + number)            # in order
    elif number <= 300: print(begin - 3600 + number)           # the clock was set back by an hour
    elif number <= 400: print(begin + 3600 + number)           # forward by two
    elif number <= 500: print(begin + 700 - number)            # backward, packet by packet
    else: print(4102444800 + number if number % 2 else number)  # 2100 and 1970, by turns
PY
with_times "$TEMP/past.pcap" "$TEMP/plain.pcap" <"$TEMP/times"
record_past 7 past 100 "$TEMP/past.pcap"
write_capture "$TEMP/other.pcap" 100
seq $day $((day + 99)) | with_times "$TEMP/beside.pcap" "$TEMP/other.pcap"
record_past 8 beside 100 "$TEMP/beside.pcap"

start_daemon
between() { awk -v since="$1" -v until="$2" '$1 >= since && $1 < until { print NR }' "$TEMP/times"; }
expect_between() { # SINCE UNTIL
    local since until
    since=$(date -u -d "@$1" '+%F %T') until=$(date -u -d "@$2" '+%F %T')
    TEST_TZ=UTC ctl search --job past --since "$since" --until "$until" --json
    expect_status 0
    expect_equal "rows from $since to $until" "$(between "$1" "$2" | tr '\n' ' ')" "$(jq -r .event.sequence "$OUT/ctl.out" | tr '\n' ' ')"
    TEST_TZ=UTC ctl search --job past --since "$since" --until "$until" --reverse --json
    expect_equal "the same backward" "$(between "$1" "$2" | tac | tr '\n' ' ')" "$(jq -r .event.sequence "$OUT/ctl.out" | tr '\n' ' ')"
}
expect_between $day $((day + 60))
expect_between $((day - 3600)) $((day - 3000))
expect_between $((day + 200)) $((day + 4000))
expect_between 4102444800 4102448400
expect_between 500 600
expect_between $((day + 250)) $((day + 251))
ctl search --job past --json
expect_equal "all, as they were recorded" "1-600" "$(found_numbers)"
ctl search --job past --last 3 --json
expect_equal "the newest three" "598-600" "$(found_numbers)"
ctl search --job past -c 3 --json -o first.pcapng
expect_equal "the first three" "1-3" "$(found_numbers)"
expect_equal "their times" "$(head -n 3 "$TEMP/times" | tr '\n' ' ')" \
    "$(tcpdump -ttnr "$WORK/first.pcapng" 2>/dev/null | cut -d. -f1 | tr '\n' ' ')"
# Beside another job each row is there once all the same.
ctl search --json
expect_equal "rows of both" 700 "$(wc -l <"$OUT/ctl.out")"
jq -c 'select(.packetsentry.job == 7)' "$OUT/ctl.out" >"$OUT/past.out"
mv "$OUT/past.out" "$OUT/ctl.out"
expect_equal "those of the first, in their order" "1-600" "$(found_numbers)"
