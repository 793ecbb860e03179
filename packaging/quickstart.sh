#!/usr/bin/env bash
# From a fresh Debian 12 to packets on the screen: packaging/quickstart.sh [INTERFACE|FILE]
#
# Installs what is missing, builds, and captures as a regular user: DNS and HTTP on loopback, made for
# the purpose; or what passes INTERFACE; or reads the capture FILE. Needs root or sudo, no systemd.
# Nobody but that user can capture meanwhile, and all that it starts ends with it, however it ends.
# BUILD_DIR: where to build (build/ in the source tree).
set -euo pipefail
umask 022

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${BUILD_DIR:-$root/build}
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
server=127.0.0.77
stage=   # root's directory, which everybody may read, as the source tree may be closed to them
keeper=  # the process that ends the daemon and the servers
life=    # the pipe that shows the keeper that this script is there
child=   # the client that runs at the moment

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

# The regular user: who called sudo, or who runs this, or nobody.
choose_user() {
    user=$(id -un)
    if ((EUID == 0)); then user=${SUDO_USER:-nobody}; fi
    [[ $user != root ]] || user=nobody
    uid=$(id -u "$user") gid=$(id -g "$user")
}

# The socket's group is a number that the group database does not know, so nobody is in it but who is given it
# here. systemd gives the numbers from 61184 to 65519 to units while they run, and users have lower ones.
choose_group() {
    local tries=0
    group=$((61184 + RANDOM % 4336))
    while getent group "$group" >/dev/null; do
        ((++tries < 4336)) || die "no number from 61184 to 65519 is free for a group"
        group=$((group < 65519 ? group + 1 : 61184))
    done
}

# Sets AS_USER to the words that make a process the regular user's: in the socket's group, or as after a login.
become_user() { # socket|login
    AS_USER=()
    [[ $1 == socket ]] || ((EUID == 0)) || return 0
    AS_USER=(as_root setpriv --reuid "$uid" --regid "$gid" --inh-caps=-all)
    if [[ $1 == socket ]]; then AS_USER+=(--groups "$group"); else AS_USER+=(--init-groups); fi
}

as_user() { "${AS_USER[@]}" "$@"; }

# Shows the command, as the user would type it, and runs it in the background, with this script's standard input. A
# shell's background processes ignore Ctrl-C unless they are told not to. Sets child.
start_ctl() { # ARGUMENTS…
    printf '\n%s$ packetsentryctl %s\n' "$user" "$(quoted "$@")"
    # shellcheck disable=SC2016
    (
        cd "$stage/home"
        [[ -z $life ]] || exec {life}>&-
        as_user sh -c 'echo $$ >"$0" && exec "$@"' "$stage/home/client.pid" env --default-signal=INT \
            "PACKETSENTRY_SOCKET=$stage/control.sock" HOME="$stage/home" "$stage/usr/bin/packetsentryctl" "$@"
    ) <&0 &
    child=$!
}

# Waits in a way that a signal to this script interrupts.
wait_for_ctl() {
    local status=0
    wait "$child" || status=$?
    child=
    ((status == 0)) || die "packetsentryctl ended with status $status"
}

# With the user's own rights, as the process's number is in a file of the user's.
# shellcheck disable=SC2016
interrupt_ctl() {
    as_user sh -c 'kill -INT "$1"' sh "$(cat "$stage/home/client.pid")" 2>/dev/null || true
}

ctl() {
    start_ctl "$@"
    wait_for_ctl
}

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

# Nobody but its owner can put anything there: root, where root runs something of it. Only home is the user's.
make_stage() { # [OWNER…]: "as_root", or nothing for whoever runs this
    local program
    stage=$("$@" mktemp -d "/tmp/packetsentry-quickstart.XXXXXX")
    "$@" chmod 755 "$stage"
    for program in bin/packetsentryctl sbin/packetsentryd libexec/packetsentry/packetsentry-worker; do
        "$@" install -D -m 755 "$build/bin/${program##*/}" "$stage/usr/$program" || die "cannot install to $stage"
    done
    "$@" install -d -m 700 -o "$uid" -g "$gid" "$stage/home"
}

wait_for() { # WHAT LOG COMMAND…
    local what=$1 log=$2 tries=0
    shift 2
    until "$@" >/dev/null 2>&1; do
        ((++tries < 200)) || { tail -n 5 "$log" >&2; die "$what did not start"; }
        sleep 0.05
    done
}

# Root's part, which is a process of its own: starts the daemon and the servers, and ends them and removes the
# stage when standard input ends. That is when this script ends, even by SIGKILL.
keep() { # STAGE GROUP [SERVER]
    local tries=0 stage=$1
    trap : HUP INT QUIT TERM
    "$stage/usr/sbin/packetsentryd" --socket "$stage/control.sock" --group "$2" --state-dir "$stage/state" \
        >"$stage/daemon.log" 2>&1 </dev/null &
    if (($# > 2)); then
        dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --pid-file= --user=root \
            --address=/#/192.0.2.7 --listen-address="$3" --bind-interfaces >"$stage/dns.log" 2>&1 </dev/null &
        mkdir "$stage/site"
        echo 'Captured by PacketSentry.' >"$stage/site/index.html"
        python3 -m http.server --bind "$3" --directory "$stage/site" 80 >"$stage/http.log" 2>&1 </dev/null &
    fi
    until read -r || (($? <= 128)); do :; done
    # shellcheck disable=SC2046
    kill $(jobs -p) 2>/dev/null
    while [[ -n $(jobs -rp) ]] && ((tries++ < 100)); do sleep 0.1; done
    # shellcheck disable=SC2046
    kill -KILL $(jobs -rp) 2>/dev/null
    wait
    rm -rf "$stage"
}

start_keeper() { # [SERVER]
    as_root true  # asks for the password now, if it must
    make_stage as_root
    exec {life}> >(trap : HUP INT QUIT TERM; as_root setsid --wait bash -c "$(declare -f keep); keep \"\$@\"" \
        keep "$stage" "$group" "$@" >/dev/null 2>&1)
    keeper=$!
    become_user socket
    wait_for "packetsentryd" "$stage/daemon.log" as_user env "PACKETSENTRY_SOCKET=$stage/control.sock" \
        "$stage/usr/bin/packetsentryctl" status
    echo "packetsentryd runs as root; packetsentryctl runs as '$user', the only user besides root who has" \
        "access (through group $group, which has no name)."
}

wait_for_servers() {
    wait_for "a DNS server on $server" "$stage/dns.log" ask ready.example
    wait_for "a web server on $server" "$stage/http.log" fetch /
}

ask() { dig +short +time=1 +tries=2 @"$server" "$@"; }
fetch() { curl -sS --noproxy '*' --max-time 3 "http://$server$1" >/dev/null; }

# Runs a foreground capture beside the traffic that a function makes, then presses Ctrl-C.
capture_while() { # FUNCTION ARGUMENTS…
    local traffic=$1
    shift
    rm -f "$stage/home/packetsentry.log"
    start_ctl "$@"
    wait_for "the capture" "$stage/daemon.log" grep -q 'Starting capture' "$stage/home/packetsentry.log"
    "$traffic"
    sleep 0.5
    interrupt_ctl
    wait_for_ctl
}

dns_traffic() {
    local name
    for name in www.example.org mail.example.org printer.home.arpa; do ask "$name" >/dev/null; done
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
    start_keeper "$server"
    wait_for_servers
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
    start_keeper
    say "Ten packets, or fifteen seconds, of $1:"
    ctl start -i "$1" -c 10 -a duration:15s
}

# Who may not open the file gets it on standard input.
demonstrate_file() { # FILE
    local file
    file=$(realpath "$1")
    become_user login
    make_stage
    say "The first twenty packets, read by '$user' without any daemon:"
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

# The keeper ends what root runs, and removes the stage.
clean_up() {
    local status=$?
    trap - EXIT
    set +e
    [[ -z $child ]] || interrupt_ctl
    if ((status != 0)) && [[ -n $stage && -s $stage/daemon.log ]]; then tail -n 5 "$stage/daemon.log" >&2; fi
    if [[ -n $keeper ]]; then
        exec {life}>&-
        wait "$keeper"
    elif [[ -n $stage ]]; then
        if [[ -O $stage ]]; then rm -rf "$stage"; else as_root rm -rf "$stage"; fi
    fi
    [[ -z $child ]] || wait "$child"
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
    sed -n '2,7s/^# \{0,1\}//p' "$0"
    exit 1
}

main() {
    if (($# > 1)) || [[ ${1:-} == -* ]]; then usage; fi
    choose_demonstration "$@"
    choose_user
    choose_group
    trap clean_up EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    "$root/packaging/dependencies.sh" build demo
    build_programs
    "${demonstration[@]}"
    next_steps
}

main "$@"
