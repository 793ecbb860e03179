#!/usr/bin/env bash
# Records the golden captures anew: tests/golden/record.sh [NAME…]     (all of record/*.sh without a name)
# Needs root, for network namespaces, and BIN (build/bin), where the programs are; README.md lists what else it uses.
# The expected texts are those of the earlier captures until "tests/golden/run.sh CLIENT --update" writes new ones.
#
# The network is that of the system tests, with addresses that belong to documentation:
#
#   A                                                            B
#   eth0  02:00:00:00:00:01  192.0.2.1     2001:db8::1    ─────  eth0  02:00:00:00:00:02  192.0.2.2   2001:db8::2
#   eth1  02:00:00:00:00:03  198.51.100.1  2001:db8:1::1  ─────  eth1  02:00:00:00:00:04  (none)
set -euo pipefail
export PYTHONDONTWRITEBYTECODE=1

GOLDEN=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/test.sh
. "$GOLDEN/../support/test.sh"
# shellcheck source=tests/golden/record/recorders.sh
. "$GOLDEN/record/recorders.sh"

# What IPv6 says while an interface comes up is over before the first capture begins.
lay_end() { # NAMESPACE INTERFACE LAST_BYTE_OF_MAC ADDRESSES…
    local namespace=$1 interface=$2 address
    ip -n "$namespace" link set "$interface" down address "02:00:00:00:00:$3"
    ip -n "$namespace" address flush dev "$interface"
    ip netns exec "$namespace" python3 "$GOLDEN/record/full_checksums.py" "$interface"
    ip -n "$namespace" link set "$interface" up
    for address in "${@:4}"; do ip -n "$namespace" address add "$address" dev "$interface"; done
}

lay_network() {
    lay_end "$NS_A" eth0 01 192.0.2.1/24 2001:db8::1/64
    lay_end "$NS_B" eth0 02 192.0.2.2/24 2001:db8::2/64
    lay_end "$NS_A" eth1 03 198.51.100.1/25 2001:db8:1::1/64
    lay_end "$NS_B" eth1 04
}

# One server for all captures, on every address of A, also on those that A gets later; DHCP on eth1.
serve_names() {
    in_a dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --pid-file= --user=root --bind-dynamic \
        --local=/example.org/ --domain=example.org \
        --host-record=www.example.org,198.51.100.7,2001:db8:7::7 --cname=web.example.org,www.example.org \
        --mx-host=example.org,mail.example.org,10 --txt-record=example.org,"v=spf1 -all" \
        --dhcp-range=198.51.100.50,198.51.100.60,1h --dhcp-host=02:00:00:00:00:04,198.51.100.50 \
        --dhcp-range=2001:db8:1::50,2001:db8:1::60,64,1h --dhcp-leasefile="$TEMP/leases" \
        --dhcp-authoritative --no-ping >"$TEMP/dnsmasq.log" 2>&1 </dev/null &
    wait_until 20 "dnsmasq" in_b dig +short +time=1 +tries=1 @192.0.2.1 www.example.org
    wait_until 20 "dnsmasq on IPv6" in_b dig +short +time=1 +tries=1 @2001:db8::1 www.example.org
}

names() {
    local file
    for file in "$GOLDEN"/record/*.sh; do basename "$file" .sh; done | grep -vx recorders
}

main() {
    local name wanted
    mapfile -t wanted < <(if (($#)); then printf '%s\n' "$@"; else names; fi)
    lay_network
    start_daemon
    serve_names
    for name in "${wanted[@]}"; do
        # shellcheck disable=SC1090
        . "$GOLDEN/record/$name.sh"
        echo "recorded $name"
    done
}

main "$@"
