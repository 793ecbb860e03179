#!/usr/bin/env bash
# -f, --filter-ip, --filter-port and --bpf combine with "and", and show what they became.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
expect_ports() { # NAME EXPECTED_PORTS ARGUMENTS…
    local name=$1 ports=$2
    shift 2
    start_ctl "$name" start -i eth0 --json --name "$name" "$@"
    wait_until 10 "the capture" job_runs "$name"
    send_numbered 2000 5
    ping_a 1
    in_b python3 "$SUPPORT/send_numbered.py" 10.77.0.1 53 1
    sleep 0.4
    show_job "$name" >"$OUT/$name.show"
    interrupt "$name"
    expect_status 0
    expect_equal "ports seen with $*" "$ports" \
        "$(jq -r 'if .network.transport == "udp" then .destination.port else "other" end' "$OUT/$name.out" |
            sort -n | tr '\n' ' ')"
}
expect_ports port "2003 " -f udp --filter-port 2003
expect_ports address "53 2000 2001 2002 2003 2004 " -f udp --filter-ip 10.77.0.2
expect_ports network "53 2000 2001 2002 2003 2004 " -f udp --filter-ip 10.77.0.0/24
expect_ports nobody "" -f udp --filter-ip 10.77.0.99
expect_ports bpf "2004 " --filter-ip 10.77.0.2 --bpf 'udp dst port 2004'
expect_ports word "53 " -f dns --filter-ip 10.77.0.1
expect_equal "the filter in words" '(host 10.77.0.2) and (udp dst port 2004)' "$(jq -r .filter "$OUT/bpf.show")"
