#!/usr/bin/env bash
# JSON of a file: every line an object, the sequence from 1, the times of the file.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_capture "$WORK/some.pcap" 3000
ctl --json -r some.pcap
expect_status 0
python3 - "$OUT/ctl.out" <<'CHECK'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
assert len(rows) == 3000, len(rows)
assert [row["event"]["sequence"] for row in rows] == list(range(1, 3001))
assert rows[1234]["@timestamp"] == "2025-05-15T10:30:01.234000000Z", rows[1234]["@timestamp"]
assert rows[2]["dns"]["question"]["name"] == "2.example.test"
assert rows[1]["network"] ["transport"] == "tcp" and rows[1]["destination"]["port"] == 80
assert all("observer" not in row or row["observer"] for row in rows)
CHECK
expect_equal "files beside JSON" 1 "$(find "$WORK" -type f | wc -l)"
