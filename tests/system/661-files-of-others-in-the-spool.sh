#!/usr/bin/env bash
# Expected: files that the daemon did not make are never read as its own, and hold up nothing: a symbolic link, a pipe, a
# directory, another user's file, a file that others may write, another segment's or another spool's file under the name
# of a segment; names that mean nothing; the directory of a job that belongs to somebody else. A line says for each what
# is wrong. Nothing of it is removed or changed. All other segments are found. A second daemon leaves the spool alone,
# and says whose it is.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_capture "$TEMP/past.pcap" 1300
record_past 7 past 100 "$TEMP/past.pcap"
write_capture "$TEMP/other.pcap" 100
record_past 8 other 100 "$TEMP/other.pcap"
record_past 9 theirs 100 "$TEMP/other.pcap"
mv "$SPOOL" "$TEMP/mine"
record_past 7 past 100 "$TEMP/past.pcap" # which gives the same names and numbers
mv "$SPOOL" "$TEMP/another-spool"
mv "$TEMP/mine" "$SPOOL"
of() { segment_file 7 "$@"; }

echo secret >"$TEMP/secret"
file=$(of 1 rows)
mv "$file" "$TEMP/moved.rows"
ln -s "$TEMP/moved.rows" "$file"
file=$(of 2 rows)
rm "$file"
mkfifo -m 0600 "$file"
file=$(of 3 rows)
rm "$file"
mkdir -m 0700 "$file"
chown "${USER_ID[member]}" "$(of 4 rows)"
chmod 0644 "$(of 4 rows)" # so that the daemon can look whose it is
chmod g+w "$(of 5 rows)"
cp "$(of 13 rows)" "$(of 6 rows)"
cp "$(segment_file 8 1 rows)" "$(of 7 rows)"
cat "$TEMP/another-spool/7/"0000000008-*.rows >"$(of 8 rows)"
file=$(of 9 index)
rm "$file"
mkfifo -m 0600 "$file"
file=$(of 10 pcapng)
mv "$file" "$TEMP/moved.pcapng"
ln -s "$TEMP/moved.pcapng" "$file"
file=$(of 11 pcapng)
rm "$file"
mkfifo -m 0600 "$file"
chown "${USER_ID[member]}" "$(of 12 index)"
for name in notes.txt 0000000001.rows 0000000099-20250515T103000Z.zip .hidden; do echo theirs >"$SPOOL/7/$name"; done
echo theirs >"$SPOOL/7/0000000050-20250515T103000Z.pcapng"
cp "$TEMP/another-spool/7/"0000000001-*.rows "$SPOOL/7/0000000060-20250515T103000Z.rows"
mkdir -m 0700 "$SPOOL/lost+found" "$SPOOL/007"
ln -s "$TEMP" "$SPOOL/10"
echo theirs >"$SPOOL/11"
chown "${USER_ID[member]}" "$SPOOL/9"
chmod 0755 "$SPOOL/9"
picture() {
    (cd "$SPOOL" && find . ! -name '*.index*' ! -name catalogue -printf '%p %y %m %U\n' | sort)
    (cd "$SPOOL" && find . -type f \( -name '*.rows' -o -name '*.pcapng' \) -printf '%p %s\n' | sort)
    cat "$SPOOL/7"/notes.txt "$SPOOL/7/0000000060-"* "$TEMP/secret" | md5sum
}
before=$(picture)

start_daemon
expect_rest() {
    expect_equal "rows of the other segments" "801-1300" "$(found_numbers)"
}
expect_told() {
    expect_line "$OUT/ctl.err" "segment 1: '.*\.rows' is a symbolic link, which is not followed; remove it$"
    expect_line "$OUT/ctl.err" "segment 2: '.*\.rows' is not an ordinary file; remove it$"
    expect_line "$OUT/ctl.err" "segment 3: '.*\.rows' is not an ordinary file; remove it$"
    expect_line "$OUT/ctl.err" "segment 4: '.*\.rows' could have been written by others, so it is not used; remove it$"
    expect_line "$OUT/ctl.err" "segment 5: '.*\.rows' could have been written by others, so it is not used; remove it$"
    expect_line "$OUT/ctl.err" 'segment 6: its rows file is that of another segment$'
    expect_line "$OUT/ctl.err" 'segment 7: its rows file is that of another segment$'
    expect_line "$OUT/ctl.err" 'segment 8: its rows file is that of another segment$'
    expect_line "$OUT/ctl.err" 'segment 10: .*\.pcapng. is a symbolic link, which is not followed; remove it$'
    expect_line "$OUT/ctl.err" 'segment 11: .*\.pcapng. is not an ordinary file; remove it$'
    expect_no_line "$OUT/ctl.err" 'segment (9|12|13):'
}
ctl search --json --job past -o found.pcapng
expect_status 0
expect_told
expect_rest
expect_equal "packets" 300 "$(saved_packets "$WORK/found.pcapng")"
ctl search --job past -f dns --json
expect_equal "DNS" 167 "$(wc -l <"$OUT/ctl.out")"

# What a job has kept that nobody may use is told to everybody, and to root by its name.
ctl search --json
expect_line "$OUT/ctl.err" 'cannot read a part of the spool: what a job has kept cannot be used; the log of packetsentryd says why$'
expect_no_line "$OUT/ctl.err" "$SPOOL/9"
CTL_AS=root ctl search --json
expect_line "$OUT/ctl.err" "cannot read a part of the spool: the spool's directory '$SPOOL/9' belongs to uid ${USER_ID[member]} and not to uid 0"
expect_line "$OUT/ctl.err" "cannot read a part of the spool: the spool's directory '$SPOOL/10' is a symbolic link, or not a directory"
expect_line "$TEMP/daemon.log" "the spool's directory '$SPOOL/9' belongs to uid"
ctl search --job theirs
expect_status 7
expect_line "$OUT/ctl.err" "no packets are kept of a job 'theirs' in that time that can be used"

# A second daemon.
start_other() {
    (cd "$TEMP" && exec ip netns exec "$NS_A" "$BIN/packetsentryd" --socket "$TEMP/other.sock" --group "$SOCKET_GROUP" \
        --state-dir "$TEMP/other" --config "$TEMP/other.toml") >"$TEMP/other.log" 2>&1 &
    other=$!
}
printf '[spool]\ndirectory = "%s"\n' "$SPOOL" >"$TEMP/other.toml"
start_other
other_answers() { (SOCKET=$TEMP/other.sock; as_user root; "${AS[@]}" packetsentryctl status) >"$OUT/other.out"; }
wait_until 10 "the other daemon" other_answers
expect_line "$OUT/other.out" "another packetsentryd uses this spool: '$SPOOL'; stop it, or choose another directory"
(SOCKET=$TEMP/other.sock; as_user root; "${AS[@]}" packetsentryctl search) >"$OUT/other.out" 2>"$OUT/other.err" && fail "it searched"
expect_one_error "$OUT/other.err" 'nothing is kept, because the spool cannot be used'
kill -TERM "$other"
wait_for_pid "$other" 10

# Nor does a restart change anything of it.
stop_daemon
start_daemon
ctl search --json --job past -o found.pcapng
expect_told
expect_rest
stop_daemon
expect_equal "what is in the spool" "$before" "$(picture)"
