# Two hosts in network namespaces of their own, joined by two cables:
#
#   A (the daemon captures here)                     B (the other end)
#   eth0  10.77.0.1/24  fd77::1/64  ───────────  eth0  10.77.0.2/24  fd77::2/64
#   eth1  10.78.0.1/24              ───────────  eth1  10.78.0.2/24
#
# shellcheck shell=bash

# The group that may use the socket. Its members are nobody and ps65500 to ps65533, but for ps65532.
SOCKET_GROUP=pstest
SOCKET_GID=64990

NS_A=ps-a-$$
NS_B=ps-b-$$

in_a() { ip netns exec "$NS_A" "$@"; }
in_b() { ip netns exec "$NS_B" "$@"; }

# Neighbour discovery starts its work before an address exists; nothing of it is wanted in exact counts.
quiet_namespace() { # NAMESPACE
    # A test that was killed had the same number.
    [[ ! -e /run/netns/$1 ]] || ip netns del "$1"
    ip netns add "$1"
    ip netns exec "$1" sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0 \
        net.ipv6.conf.default.router_solicitations=0 net.ipv4.ping_group_range="0 2147483647"
    ip -n "$1" link set lo up
}

# One process for each side, because a test makes many of these.
cable() { # NAME SUBNET [IPV6_SUBNET]
    ip -n "$NS_A" -batch - <<END
link add $1 type veth peer name $1 netns $NS_B
address add $2.1/24 dev $1
${3:+address add $3:1/64 dev $1 nodad}
link set $1 up
END
    ip -n "$NS_B" -batch - <<END
address add $2.2/24 dev $1
${3:+address add $3:2/64 dev $1 nodad}
link set $1 up
END
}

# What lies in /etc/netns/NAMESPACE is mounted over /etc for whatever "ip netns exec" or enter_host starts there: users and a
# group of the test's own, so that nobody else on the machine is let in, and so that the user database knows them.
make_users() {
    local directory=/etc/netns/$NS_A id
    mkdir -p "$directory"
    cp /etc/passwd /etc/group "$directory"
    for id in $(seq 65500 65533); do echo "ps$id:x:$id:$id::/nonexistent:/usr/sbin/nologin" >>"$directory/passwd"; done
    echo "$SOCKET_GROUP:x:$SOCKET_GID:nobody$(printf ',ps%s' $(seq 65500 65531) 65533)" >>"$directory/group"
}

make_network() {
    make_users
    quiet_namespace "$NS_A"
    quiet_namespace "$NS_B"
    cable eth0 10.77.0 fd77:
    cable eth1 10.78.0
}

# Only what runs in these two namespaces is ended: all of it was started by the test.
end_processes() { # SIGNAL
    local pids
    pids=$({ ip netns pids "$NS_A"; ip netns pids "$NS_B"; } 2>/dev/null | tr '\n' ' ')
    # shellcheck disable=SC2086
    [[ -z ${pids// /} ]] || kill -"$1" $pids 2>/dev/null || true
}

remove_network() {
    end_processes TERM
    local tries=0
    while ((tries++ < 20)) && [[ -n $(ip netns pids "$NS_A" 2>/dev/null; ip netns pids "$NS_B" 2>/dev/null) ]]; do
        pause 0.05
    done
    end_processes KILL
    rm -rf "/etc/netns/$NS_A" "/etc/netns/$NS_B"
    ip netns del "$NS_A" 2>/dev/null || true
    ip netns del "$NS_B" 2>/dev/null || true
}
