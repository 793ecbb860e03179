#!/usr/bin/env bash
# Wrong words on the command line: status 1, one line, no connection needed; help and version: status 0.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

for words in "start" "start -i" "start -i eth0 -c -1" "start -i eth0 -c many" "start -i eth0 -a forever:1" \
    "start -i eth0 -o x.txt" "nonsense" "start -i eth0 --nonsense" "show" "-r"; do
    # shellcheck disable=SC2086
    ctl $words
    expect_status 1
    expect_at_least "lines of '$words' on standard error" 1 "$(wc -l <"$OUT/ctl.err")"
done
for words in --help "start --help" --version; do
    # shellcheck disable=SC2086
    ctl $words
    expect_status 0
    [[ -s $OUT/ctl.out ]] || fail "$words prints nothing"
done
expect_line "$OUT/ctl.out" '0\.1\.0'
