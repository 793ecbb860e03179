#!/usr/bin/env bash
# Expected: while the disk of the spool is full, rows are shown and not kept; this is told, counted and dated. When there
# is room again, they are kept again, and nobody has to do anything. A second daemon does not touch the spool.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

jobs="$TEMP/jobs" spool="$TEMP/full"
mkdir -p -m 0755 "$jobs" "$TEMP/images"
printf 'interface = ["eth0"]\nfilter = { protocol = ["udp"] }\nreaders = { groups = ["%s"] }\n[keep.packets]\nage = "1d"\n' \
    "$SOCKET_GROUP" >"$jobs/lab.toml"
truncate -s 64M "$TEMP/images/full"
mkfs.ext4 -q "$TEMP/images/full" || skip "mkfs.ext4 is not installed"
mount_image "$TEMP/images/full" "$spool"
printf '[spool]\ndirectory = "%s/spool"\nfree_disk = "1MiB"\n' "$spool" >"$TEMP/packetsentryd.toml"
start_daemon --config "$TEMP/packetsentryd.toml" --jobs-dir "$jobs"
runs() { ctl list --json && jq -es 'any(.state == "running")' "$OUT/ctl.out" >/dev/null; }
wait_until 5 "the job" runs
not_kept() { show_job 1 | jq -e '.ledger.not_kept > 0' >/dev/null; }

# What came a moment ago is found within a second (641), which a busy machine makes longer.
finds_lines() { # COUNT ARGUMENTS…
    ctl search "${@:2}"
    (($(wc -l <"$OUT/ctl.out") == $1))
}

send_numbered 2000 100
wait_until 5 "the rows before" finds_lines 100 -c 100
dd if=/dev/zero of="$spool/filler" bs=1M 2>/dev/null || true
send_numbered 4000 12000
wait_until 5 "the loss" not_kept
wait_for_log 1 "$TEMP/daemon.log" 'job lab: rows are not kept in the spool until it accepts more: cannot write to the spool: No space left on device'
expect_equal "packets that became rows" 12100 "$(job_number 1 .ledger.recorded)"
gap_is_over() {
    ctl show lab
    grep -qE '^Gap: .*the spool could not be written \(all rows were shown\): [0-9]+ packets$' "$OUT/ctl.out"
}
wait_until 5 "the gap with its packets" gap_is_over
expect_line "$OUT/ctl.out" '^Not in the spool: +[0-9]+$'

rm "$spool/filler"
sleep 6 # another segment is tried every five seconds
send_numbered 2000 50
finds_the_last() { # SEQUENCE
    finds_lines 50 --last 50 --json && [[ $(tail -n 1 "$OUT/ctl.out" | jq .event.sequence) == "$1" ]]
}
wait_until 5 "the rows after, with the last of them" finds_the_last 12150

# A second daemon.
(cd "$TEMP" && exec ip netns exec "$NS_A" "$BIN/packetsentryd" --socket "$TEMP/other.sock" --group "$SOCKET_GROUP" \
    --state-dir "$TEMP/other" --config "$TEMP/packetsentryd.toml" --jobs-dir "$jobs") >"$TEMP/other.log" 2>&1 &
other=$!
wait_until 5 "its word" grep -q 'another packetsentryd uses' "$TEMP/other.log"
kill -TERM "$other"
wait_for_pid "$other" 10
