# What a test on a real systemd finds inside: users, a second host with a name server, and the client.
# shellcheck shell=bash
set -Eeuo pipefail
trap 'printf "FAILED: line %s: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR

TEMP=/var/tmp/test
OUT=$TEMP/out
STATUS=0
mkdir -p "$OUT"
# shellcheck source=tests/support/check.sh
. /run/lab/check.sh

# alice is a member, mallory is not.
make_users() {
    useradd --create-home alice
    useradd --create-home mallory
    usermod --append --groups packetsentry alice
}

as() { # USER COMMAND…
    (cd "/home/$1" 2>/dev/null || cd /
        exec runuser -u "$1" -- env -i PATH="$PATH" HOME="/home/$1" LANG=C.UTF-8 --default-signal=INT "${@:2}")
}

# As alice, or CTL_AS: $OUT/ctl.out, $OUT/ctl.err, STATUS.
ctl() {
    STATUS=0
    as "${CTL_AS:-alice}" timeout 30 packetsentryctl "$@" >"$OUT/ctl.out" 2>"$OUT/ctl.err" </dev/null || STATUS=$?
}

job() { # JOB JQ_EXPRESSION
    packetsentryctl --json show "$1" | jq -r "$2"
}

job_is() { # JOB JQ_EXPRESSION
    packetsentryctl --json show "$1" | jq -e "$2" >/dev/null
}

# eth0 here, 10.77.0.2 there; dnsmasq answers there for every name.
make_peer() {
    ip netns add peer
    ip link add eth0 type veth peer name eth0 netns peer
    ip address add 10.77.0.1/24 dev eth0
    ip -n peer address add 10.77.0.2/24 dev eth0
    ip link set eth0 up
    ip -n peer link set lo up
    ip -n peer link set eth0 up
    ip netns exec peer dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --pid-file= --user=root \
        --address=/#/192.0.2.7 --listen-address=10.77.0.2 --bind-interfaces >"$OUT/dnsmasq" 2>&1 &
    wait_until 10 "the name server" ask ready.example
}

ask() { # NAME
    dig +short +time=1 +tries=1 @10.77.0.2 "$1" | grep 192.0.2.7 >/dev/null
}

# Lines of packetsentryd's journal, with their fields.
journal() { # JOURNALCTL_ARGUMENTS…
    journalctl --sync 2>/dev/null || true
    journalctl --no-pager -q -u packetsentryd "$@"
}

main_pid() { systemctl show -P MainPID packetsentryd; }
