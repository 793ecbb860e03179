#!/usr/bin/env bash
# interfaces, -D and status answer, as text and as JSON.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
for command in interfaces -D; do
    ctl $command
    expect_status 0
    expect_line "$OUT/ctl.out" 'eth0.*10\.77\.0\.1'
    expect_line "$OUT/ctl.out" 'lo.*127\.0\.0\.1'
    expect_line "$OUT/ctl.out" 'any'
done
ip -n "$NS_A" link set eth1 down
ctl interfaces
expect_line "$OUT/ctl.out" 'eth1.*[Dd]own'
ctl status
expect_status 0
expect_line "$OUT/ctl.out" '0\.1\.0'
expect_line "$OUT/ctl.out" "^Policy: +none: members of the group have their own jobs, since $WHEN\$"
for command in interfaces status list; do
    ctl --json $command
    expect_status 0
    jq -e . "$OUT/ctl.out" >/dev/null || [[ $command == list ]] || fail "--json $command is not JSON"
done

# The manual says what each key means. Kinds of refusals are words that it does not list.
ctl start -d -i eth0 --name keys --bpf icmp -o keys.pcap
expect_status 0
manual=$SUPPORT/../../packaging/man/packetsentryctl.1
for command in interfaces status list 'show keys'; do
    # shellcheck disable=SC2086
    ctl --json $command
    expect_status 0
    keys=$(jq -r 'del(.refusals[]?) | paths | map(strings) | last // empty' "$OUT/ctl.out" | sort -u)
    [[ -n $keys ]] || fail "--json $command has no keys"
    for key in $keys; do
        grep -qE "^\.(It )?Li (.* )?$key( |$)" "$manual" || fail "the manual does not tell of '$key' of --json $command"
    done
done
ctl stop keys
expect_status 0
