#!/usr/bin/env bash
# From a fresh Debian 12 to packets on the screen: packaging/quickstart.sh [INTERFACE|FILE]
#
# Installs what is missing, builds, and captures as a regular user: DNS and HTTP on loopback, made for
# the purpose; or what passes INTERFACE; or reads the capture FILE. Needs root or sudo, no systemd.
# All it starts ends with it. BUILD_DIR: where to build (build/ in the source tree).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${BUILD_DIR:-$root/build}
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
server=127.0.0.77
stage=          # world-readable: the source tree may not be
daemon=         # process ids, as root sees them
servers=()

say() { printf '\n%s\n' "$*"; }
die() { printf 'quickstart.sh: %s\n' "$*" >&2; exit 1; }

# sudo only where needed.
as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        command -v sudo >/dev/null || die "capturing needs root: run it as root, or install sudo"
        sudo "$@"
    fi
}

# The regular user: who called sudo, or who runs this, or nobody. Sets user, group, home and AS_USER.
choose_user() {
    AS_USER=()
    if ((EUID != 0)); then
        user=$(id -un) group=$(id -gn)
        return
    fi
    user=${SUDO_USER:-nobody}
    [[ $user != root ]] || user=nobody
    if [[ $user == nobody ]]; then group=users; else group=$(id -gn "$user"); fi
    AS_USER=(setpriv --reuid "$(id -u "$user")" --regid "$(id -g "$user")"
        --groups "$(getent group "$group" | cut -d: -f3)" --inh-caps=-all)
}

as_user() { "${AS_USER[@]}" "$@"; }

# Shows the command, as the user would type it, then becomes it: to be called in a subshell. A shell's
# background processes ignore Ctrl-C unless they are told not to.
become_ctl() {
    printf '\n%s$ packetsentryctl %s\n' "$user" "$(quoted "$@")"
    cd "$stage/home"
    exec "${AS_USER[@]}" env --default-signal=INT "PACKETSENTRY_SOCKET=$stage/control.sock" HOME="$stage/home" \
        "$stage/usr/bin/packetsentryctl" "$@"
}

ctl() { (become_ctl "$@"); }

quoted() {
    local word line=
    for word in "$@"; do
        if [[ $word == *[!A-Za-z0-9_./:@=,-]* ]]; then line+=" '$word'"; else line+=" $word"; fi
    done
    printf '%s' "${line# }"
}

build_programs() {
    local log=$build/quickstart.log begin=$SECONDS
    mkdir -p "$build"
    printf 'Building PacketSentry in %s (the first time takes some minutes) … ' "$build"
    if ! configure_and_build >"$log" 2>&1; then
        printf 'failed.\n'
        grep -nE 'error|Error|FAILED' "$log" | head -n 20 >&2 || true
        tail -n 20 "$log" >&2
        die "the build failed; its whole output is in $log"
    fi
    printf 'done in %d s.\n' $((SECONDS - begin))
}

configure_and_build() {
    [[ -f $build/build.ninja || -f $build/Makefile ]] ||
        cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release || return
    cmake --build "$build" --target packetsentryd packetsentry-worker packetsentryctl
}

install_programs() {
    stage=$(mktemp -d "${TMPDIR:-/tmp}/packetsentry-quickstart.XXXXXX")
    chmod 755 "$stage"
    cmake --install "$build" --prefix "$stage/usr" >>"$build/quickstart.log" 2>&1 ||
        die "cannot install to $stage; see $build/quickstart.log"
    mkdir -m 700 "$stage/home"
    ((EUID != 0)) || chown "$(id -u "$user"):$(id -g "$user")" "$stage/home"
}

# Starts a program as root in the background and sets started to its process id.
start_as_root() { # LOG PROGRAM ARGUMENTS…
    local log=$1 pid_file=$stage/pid.$RANDOM
    shift
    # shellcheck disable=SC2016
    as_root sh -c 'echo $$ >"$0"; exec "$@"' "$pid_file" "$@" >"$log" 2>&1 </dev/null &
    wait_for "${1##*/}" "$log" test -s "$pid_file"
    started=$(cat "$pid_file")
}

wait_for() { # WHAT LOG COMMAND…
    local what=$1 log=$2 tries=0
    shift 2
    until "$@" >/dev/null 2>&1; do
        ((++tries < 200)) || { tail -n 5 "$log" >&2; die "$what did not start"; }
        sleep 0.05
    done
}

start_daemon() {
    as_root true  # asks for the password now, if it must
    start_as_root "$stage/daemon.log" "$stage/usr/sbin/packetsentryd" \
        --socket "$stage/control.sock" --group "$group" --state-dir "$stage/state"
    daemon=$started
    wait_for "packetsentryd" "$stage/daemon.log" as_user env "PACKETSENTRY_SOCKET=$stage/control.sock" \
        "$stage/usr/bin/packetsentryctl" status
    echo "packetsentryd runs as root with a socket for group '$group'; packetsentryctl runs as '$user'."
}

start_servers() {
    mkdir "$stage/site"
    echo 'Captured by PacketSentry.' >"$stage/site/index.html"
    start_as_root "$stage/dns.log" dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --pid-file= \
        --user=root --address=/#/192.0.2.7 --listen-address="$server" --bind-interfaces
    servers+=("$started")
    start_as_root "$stage/http.log" python3 -m http.server --bind "$server" --directory "$stage/site" 80
    servers+=("$started")
    wait_for "a DNS server on $server" "$stage/dns.log" ask ready.example
    wait_for "a web server on $server" "$stage/http.log" fetch /
}

ask() { dig +short +time=1 +tries=2 @"$server" "$@"; }
fetch() { curl -sS --noproxy '*' --max-time 3 -o "$stage/fetched" "http://$server$1"; }

# Runs a foreground capture beside the traffic that a function makes, then presses Ctrl-C.
capture_while() { # FUNCTION ARGUMENTS…
    local traffic=$1
    shift
    rm -f "$stage/home/packetsentry.log"
    become_ctl "$@" &
    local client=$!
    wait_for "the capture" "$stage/daemon.log" grep -q 'Starting capture' "$stage/home/packetsentry.log"
    "$traffic"
    sleep 0.5
    interrupt "$client"
}

interrupt() { # PID
    kill -INT "$1" 2>/dev/null || true
    wait "$1" || die "the capture ended with status $?"
}

dns_traffic() {
    local name
    for name in www.example.org mail.example.org printer.home.arpa; do ask "$name" >"$stage/fetched"; done
}

http_traffic() {
    fetch /index.html
    fetch /no-such-page
}

show_results() {
    local file
    file=$(find "$stage/home" -name 'packetsentry_results_*.txt' | sort | tail -n 1)
    [[ -n $file ]] || die "the capture left no results file"
    printf '\n%s$ head -n 8 %s\n' "$user" "${file##*/}"
    head -n 8 "$file"
}

demonstrate_loopback() {
    start_daemon
    start_servers
    say "1. Three names are asked of a DNS server on $server while '$user' captures:"
    capture_while dns_traffic start -i lo -f dns --filter-ip "$server" -o dns.pcap
    say "The results file holds the same, one block a packet:"
    show_results
    say "2. Two pages are fetched from a web server:"
    capture_while http_traffic start -i lo -f http --filter-ip "$server" --bpf 'tcp[tcpflags] & tcp-push != 0'
    say "3. The saved packets, read back without the daemon:"
    ctl read dns.pcap --no-files
}

demonstrate_interface() { # INTERFACE
    start_daemon
    say "Ten packets, or fifteen seconds, of $1:"
    ctl start -i "$1" -c 10 -a duration:15s
}

# Who may not open the file himself gets it on standard input.
demonstrate_file() { # FILE
    say "The first twenty packets, read by '$user' without any daemon:"
    local file
    file=$(realpath "$1")
    if as_user test -r "$file"; then
        ctl read "$file" -c 20 --no-files
    else
        ctl read - -c 20 --no-files <"$file"
    fi
}

next_steps() {
    local interface
    interface=$(ip -o route show default 2>/dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1)
    say "Three things to try next:"
    printf '  %-42s %s\n' "packaging/quickstart.sh ${interface:-eth0}" "ten packets of a real interface" \
        "${build/#$root\//}/bin/packetsentryctl -r FILE" "a capture file, as yourself, without root or daemon" \
        "tests/run.sh" "the tests"
}

end_process() { # PID
    local tries=0
    as_root kill "$1" 2>/dev/null
    while [[ -d /proc/$1 ]] && ((tries++ < 100)); do sleep 0.05; done
    [[ ! -d /proc/$1 ]] || as_root kill -KILL "$1"
}

clean_up() {
    local status=$?
    trap - EXIT
    set +e
    local pid
    for pid in $daemon "${servers[@]}"; do end_process "$pid"; done
    if ((status != 0)) && [[ -s $stage/daemon.log ]]; then tail -n 5 "$stage/daemon.log" >&2; fi
    [[ -z $stage ]] || as_root rm -rf "$stage"
    exit "$status"
}

# Sets demonstration, before anything is installed.
choose_demonstration() { # [ARGUMENT]
    if (($# == 0)); then
        demonstration=(demonstrate_loopback)
    elif [[ -d /sys/class/net/$1 || $1 == any ]]; then
        demonstration=(demonstrate_interface "$1")
    elif [[ -f $1 ]]; then
        demonstration=(demonstrate_file "$1")
    else
        die "'$1' is neither a file nor an interface; interfaces: $(cd /sys/class/net && echo *)"
    fi
}

usage() {
    sed -n '2,6s/^# \{0,1\}//p' "$0"
    exit 1
}

main() {
    if (($# > 1)) || [[ ${1:-} == -* ]]; then usage; fi
    choose_demonstration "$@"
    choose_user
    trap clean_up EXIT
    trap 'exit 130' INT TERM
    "$root/packaging/dependencies.sh" build demo
    build_programs
    install_programs
    "${demonstration[@]}"
    next_steps
}

main "$@"
