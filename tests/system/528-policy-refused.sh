#!/usr/bin/env bash
# A policy that is malformed, has a filter that is none, is unreadable, missing where it was named, or writable by others is not used: no
# start with it, --check-config says so too, and a reload keeps the old one.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

good() {
    write_policy <<END
[[rule]]
user = [${USER_ID[member]}]
actions = ["view", "start", "stop"]
interfaces = ["eth0"]
END
}
printf 'policy = "%s"\n' "$POLICY" >"$TEMP/daemon.toml"

refused() { # STATUS EXTENDED_REGEX
    local status=0
    in_a "$BIN/packetsentryd" --config "$TEMP/daemon.toml" --check-config >"$OUT/check.out" 2>"$OUT/check.err" || status=$?
    expect_equal "status of --check-config" "$1" "$status"
    expect_one_error "$OUT/check.err" "$2"
    status=0
    in_a "$BIN/packetsentryd" --config "$TEMP/daemon.toml" --socket "$TEMP/no.sock" --group "$SOCKET_GROUP" \
        --state-dir "$TEMP/no" >"$OUT/start.out" 2>"$OUT/start.err" || status=$?
    expect_equal "status of a start" "$1" "$status"
    cat "$OUT/start.out" "$OUT/start.err" >"$OUT/start.all"
    expect_line "$OUT/start.all" "$2"
    [[ ! -e $TEMP/no.sock ]] || fail "a socket is left"
}
spoil() { # STATUS EXTENDED_REGEX COMMAND…
    local status=$1 reason=$2
    shift 2
    good
    "$@"
    refused "$status" "$reason"
    if [[ -n $DAEMON_PID ]]; then
        reload "the configuration stays as it was: .*$reason"
        ctl start -d -i eth1
        expect_status 5
        ctl start -d -i eth0
        expect_status 0
        ctl stop --all
    fi
    rm -rf "$POLICY"
    chmod 755 "$TEMP"
}
malformed() { printf 'snaplem = 64\n' >>"$POLICY"; }
no_toml() { printf 'interfaces = [\n' >>"$POLICY"; }
no_expression() { printf 'filter = "udp prot 53"\n' >>"$POLICY"; }
pipe() { rm "$POLICY" && mkfifo "$POLICY"; }
dangling() { rm "$POLICY" && ln -s nowhere "$POLICY"; }
every_case() {
    spoil 1 "$POLICY:5: unknown key 'snaplem'" malformed
    spoil 1 "$POLICY:[0-9]+: " no_toml
    spoil 1 "$POLICY:1: bad filter 'udp prot 53': .*syntax error, at 'prot'" no_expression
    spoil 3 "'$POLICY' can be written by users other than root; 'chmod go-w" chmod 664 "$POLICY"
    spoil 3 "'$POLICY' belongs to uid 65534" chown 65534 "$POLICY"
    spoil 3 "'$TEMP' can be written by users other than root" chmod 777 "$TEMP"
    spoil 3 "there is no file '$POLICY'" rm "$POLICY"
    spoil 3 "'$POLICY' is not an ordinary file" pipe
    spoil 3 "cannot read '$POLICY'" dangling
}
every_case
good
start_daemon_with_policy
every_case
good
good
printf 'filter = "%s"\n' "$(python3 "$SUPPORT/filter_bomb.py" ports)" >>"$POLICY"
in_a "$BIN/packetsentryd" --config "$TEMP/daemon.toml" --check-config >"$OUT/check.out" 2>"$OUT/check.err" &&
    fail "a filter that takes minutes to compile is taken for right"
expect_one_error "$OUT/check.err" "$POLICY:1: bad filter: it takes too long to compile"
# Whether an interface can be given it is another matter: these are expressions for some link type.
for filter in 'inbound and ether host 02:00:00:00:00:01' 'wlan type mgt' 'vlan 7 and udp'; do
    good
    printf 'filter = "%s"\n' "$filter" >>"$POLICY"
    reload 'policy: .* is in force'
done
in_a "$BIN/packetsentryd" --config "$TEMP/daemon.toml" --check-config >"$OUT/check.out"
expect_line "$OUT/check.out" 'the configuration is valid'
