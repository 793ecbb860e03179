#!/usr/bin/env bash
# Of a daemon that does not run, doctor says where its configuration is the reason, with file and line; where that is
# right, or the user may not read it, it says what starts it, as ever.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

# The usual files, and no usual socket, for whatever runs in this mount namespace alone.
cp -a /etc "$TEMP/etc"
rm -rf "$TEMP/etc/packetsentry"
sed -i '/^packetsentry:/d' "$TEMP/etc/group"
echo "packetsentry:x:$SOCKET_GID:nobody" >>"$TEMP/etc/group"
mkdir "$TEMP/etc/packetsentry" "$TEMP/run"
policy=$TEMP/etc/packetsentry/policy.toml

doctor() { # USER
    as_user "$1"
    STATUS=0
    # shellcheck disable=SC2016
    (cd "$WORK" && unshare -m sh -c 'mount --bind "$1" /etc && mount --bind "$2" /run && shift 2 && exec "$@"' sh \
        "$TEMP/etc" "$TEMP/run" "${AS_HERE[@]}" env -u PACKETSENTRY_SOCKET packetsentryctl doctor) \
        >"$OUT/ctl.out" 2>"$OUT/ctl.err" || STATUS=$?
    expect_status 6
    expect_equal "standard error" "" "$(cat "$OUT/ctl.err")"
}
broken() { # EXTENDED_REGEX
    doctor member
    expect_line "$OUT/ctl.out" "^FAIL +socket +packetsentryd does not start because of its configuration: $1"
    expect_line "$OUT/ctl.out" "^ +correct that, then: "
}

rule='[[rule]]\nuser = [65534]\nactions = ["view"]\n'
# shellcheck disable=SC2059
printf "${rule}snaplem = 3\n" >"$policy"
broken "/etc/packetsentry/policy.toml:4: unknown key 'snaplem'"
# shellcheck disable=SC2059
printf "$rule"'filter = "udp prot 53"\n' >"$policy"
broken "/etc/packetsentry/policy.toml:1: bad filter 'udp prot 53'"
# shellcheck disable=SC2059
printf "$rule" >"$policy"
chmod 666 "$policy"
broken "the policy: '/etc/packetsentry/policy.toml' can be written by users other than root"
chmod 644 "$policy"
printf 'log_levl = "debug"\n' >"$TEMP/etc/packetsentry/packetsentryd.toml"
broken "/etc/packetsentry/packetsentryd.toml:1: unknown key 'log_levl'"

starts() { # USER
    doctor "$1"
    expect_line "$OUT/ctl.out" '^FAIL +socket +/run/packetsentry/control.sock is not there: packetsentryd does not run'
}
rm "$TEMP/etc/packetsentry/packetsentryd.toml"
# A warning is no reason.
printf '[[rule]]\nuser = ["gone-user"]\nactions = ["view"]\n' >"$policy"
starts root
printf 'nonsense\n' >"$policy"
chmod 600 "$policy"
starts member
