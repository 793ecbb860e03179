#!/usr/bin/env bash
# "job check" tells what a standing job's file means or what is wrong with it, without a daemon and without root;
# --check-config tells the same of a whole directory, and that a wrong file stops nothing else.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

jobs=$TEMP/jobs.d
mkdir "$jobs"
example=$SUPPORT/../../packaging/examples/standing-job.toml
sed 's/"eth0"/"eth0", "lab*"/' "$example" >"$jobs/night.toml"
meaning='captures eth0, lab\* \(filter: not port 22\); keeps packets for 14d, at most 200GiB; rows for 60d; flows for 365d; for root, group packetsentry$'

# Right files. Nobody is asked but a worker of the client's own.
ctl job check "$jobs/night.toml"
expect_status 0
expect_line "$OUT/ctl.out" "^$jobs/night.toml is right: $meaning"
expect_equal "standard error" "" "$(cat "$OUT/ctl.err")"
ctl job check --json "$jobs/night.toml"
expect_status 0
jq -e '.right and .name == "night" and (.meaning | test("not port 22")) and (has("mistake") | not)' "$OUT/ctl.out" >/dev/null ||
    fail "JSON: $(cat "$OUT/ctl.out")"

# Each mistake with its line; a wrong file stops none of the others.
keep=$'interface = ["eth0"]\n[keep.rows]\n[filter]'
printf 'interface = ["eth0"]\ncutoff = "64KiB"\n' >"$jobs/a.toml"
printf '%s\nbpf = "udp prot 53"\n' "$keep" >"$jobs/b.toml"
printf '%s\ndisplay = "dns.qry.nome == 1"\n' "$keep" >"$jobs/c.toml"
printf 'nonsense' >"$jobs/night.toml~"
ctl job check "$jobs"/{a,b,c,night}.toml "$jobs/absent.toml"
expect_status 1
expect_line "$OUT/ctl.err" "^packetsentryctl: $jobs/a.toml:2: unknown key 'cutoff'$"
expect_line "$OUT/ctl.err" "^packetsentryctl: $jobs/b.toml:4: 'filter.bpf': bad filter 'udp prot 53'"
expect_line "$OUT/ctl.err" "^packetsentryctl: $jobs/c.toml:4: 'filter.display', at character 1: there is no field"
expect_line "$OUT/ctl.err" "^packetsentryctl: cannot read '$jobs/absent.toml': No such file or directory$"
expect_equal "lines of errors" 4 "$(wc -l <"$OUT/ctl.err")"
expect_line "$OUT/ctl.out" "^$jobs/night.toml is right: "
expect_equal "lines about right files" 1 "$(wc -l <"$OUT/ctl.out")"
ctl job check "$jobs/absent.toml"
expect_status 3
for words in '' 'chek x.toml' 'check'; do
    # shellcheck disable=SC2086
    ctl job $words
    expect_status 1
done

# The daemon's own check of the directory.
check() {
    STATUS=0
    in_a "$BIN/packetsentryd" --group "$SOCKET_GROUP" --jobs-dir "$1" --check-config >"$OUT/check.out" 2>"$OUT/check.err" || STATUS=$?
}
chmod 666 "$jobs/c.toml"
printf '%s\nbpf = "udp"\ndisplay = "dns.qry.nome"\n' "$keep" >"$jobs/d.toml"
check "$jobs"
expect_status 0
expect_line "$OUT/check.out" "^standing job night \($jobs/night.toml\) $meaning"
expect_line "$OUT/check.out" '^the configuration is valid$'
expect_equal "lines" 2 "$(wc -l <"$OUT/check.out")"
expect_line "$OUT/check.err" "^packetsentryd: warning: $jobs/a.toml:2: unknown key 'cutoff'$"
expect_line "$OUT/check.err" "^packetsentryd: warning: $jobs/b.toml:4: bad filter 'udp prot 53'"
expect_line "$OUT/check.err" "^packetsentryd: warning: the standing job: '$jobs/c.toml' can be written by users other than root; 'chmod go-w $jobs/c.toml'$"
expect_line "$OUT/check.err" "^packetsentryd: warning: $jobs/d.toml:5: the display filter is refused: "
expect_equal "warnings" 4 "$(wc -l <"$OUT/check.err")"
check "$TEMP/absent"
expect_status 0
expect_one_error "$OUT/check.err" "warning: cannot read the directory of standing jobs '$TEMP/absent'"

# Without a worker, the client says what it did not check.
install -m 755 -d "$TEMP/bin"
install -m 755 "$BIN/packetsentryctl" "$TEMP/bin"
BIN=$TEMP/bin
ctl job check "$jobs/night.toml"
expect_status 0
expect_line "$OUT/ctl.out" 'is right: .*; the libpcap expression was not checked: '
