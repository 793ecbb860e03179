#!/usr/bin/env bash
# Names that try to move a cursor, colour a terminal or forge a line are escaped wherever they are printed:
# on a pipe, on a terminal, in the log, in the results and in JSON.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
serve_http
start_ctl json start -i eth0 --json --name json --bpf 'port 53 or port 80'
wait_until 10 "the job" job_runs json
as_user member
(cd "$TEMP" && exec script -qfec "${AS[*]} packetsentryctl start -i eth0 --no-color --no-files --name tty --bpf 'port 53 or port 80'" /dev/null) \
    >"$OUT/tty.out" 2>"$OUT/tty.err" </dev/null &
PIDS[tty]=$!
wait_until 10 "the job on a terminal" job_runs tty
start_capture capture start -i eth0 --name plain --bpf 'port 53 or port 80'

in_b python3 "$SUPPORT/send_hostile.py" 10.77.0.1
wait_until 3 "the last name" has_lines 7 "$OUT/capture.out" ' - HTTP 10.77.0.1 '
ctl stop --all
for name in capture json tty; do wait_for "$name"; done

LC_ALL=C tr -d '\r' <"$OUT/tty.out" >"$OUT/tty-lines.out"
for file in "$OUT/capture.out" "$OUT/json.out" "$OUT/tty-lines.out" "$WORK/packetsentry.log" "$(results_file)"; do
    [[ -s $file ]] || fail "$file is empty"
    expect_plain_text "$file"
    iconv -f UTF-8 -t UTF-8 "$file" >/dev/null 2>&1 || fail "${file##*/} is not UTF-8"
    expect_equal "right-to-left overrides in ${file##*/}" 0 "$(grep -ac $'\u202e' "$file")"
    expect_equal "C1 control characters in ${file##*/}" 0 "$(LC_ALL=C grep -acP '\xc2[\x80-\x9f]' "$file")"
done
expect_count 7 "$OUT/capture.out" "^$WHEN - DNS 10\.77\.0\.2 -> 10\.77\.0\.1 "
expect_no_line "$OUT/capture.out" '^2025-05-15'
jq -es 'map(select(.packetsentry.protocol == "DNS" and .destination.port == 53)) | length == 7' "$OUT/json.out" >/dev/null ||
    fail "not all seven names in JSON"
jq -es 'map(select(.http.request.method == "GET" and (.url.domain | length) > 1)) | length == 7' "$OUT/json.out" >/dev/null ||
    fail "not all seven hosts in JSON"
