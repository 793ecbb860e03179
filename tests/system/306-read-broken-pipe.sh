#!/usr/bin/env bash
# "-r FILE | head" ends quietly and soon, whatever the length of the file.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_capture "$WORK/some.pcap" 200000
as_user member
begin=$SECONDS
(cd "$WORK" && "${AS[@]}" packetsentryctl --no-files -r some.pcap 2>"$OUT/client.err" || true) | head -n 3 >"$OUT/head.out"
expect_equal "lines of head" 3 "$(wc -l <"$OUT/head.out")"
expect_equal "words on standard error" "" "$(grep -iE 'error|broken|pipe' "$OUT/client.err" || true)"
((SECONDS - begin < 10)) || fail "took $((SECONDS - begin)) s"
