#!/usr/bin/env bash
# packaging/quickstart.sh as root: while it captures nobody but its own user is let in, and nothing of it is left
# however it ends.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

# Others here have the group "users", as has everybody on many systems.
SOCKET_GID=$(getent group users | cut -d: -f3)
for program in dnsmasq dig curl cmake ninja; do
    command -v "$program" >/dev/null || skip "no $program here: packaging/dependencies.sh build demo installs it"
done
quickstart=$SUPPORT/../../packaging/quickstart.sh

# A build directory in which everything is built: the programs under test. BUILD_DIR names a real one.
make_build() {
    mkdir -p "$TEMP/build/bin"
    cp "$BIN"/packetsentry{d,ctl,-worker} "$TEMP/build/bin"
    printf 'build packetsentry%s: phony\n' d ctl -worker >"$TEMP/build/build.ninja"
    printf 'CMAKE_GENERATOR:INTERNAL=Ninja\nCMAKE_PROJECT_NAME:STATIC=PacketSentry\nCMAKE_MAKE_PROGRAM:FILEPATH=%s\n' "$(command -v ninja)" \
        >"$TEMP/build/CMakeCache.txt"
}
[[ -n ${BUILD_DIR:-} ]] || make_build

# Everything runs in namespace A, where nothing else does.
processes() { ip netns pids "$NS_A"; }
nothing_is_left() { [[ -z $(processes) && ! -e $stage ]]; }

find_stage() {
    stage=$(tr '\0' '\n' <"/proc/$1/cmdline" | sed -n 's|/control\.sock$||p')
    [[ -n $stage ]]
}

daemon_of_quickstart() {
    local pid
    for pid in $(processes); do
        if [[ $(cat "/proc/$pid/comm" 2>/dev/null) == packetsentryd ]] && find_stage "$pid"; then return 0; fi
    done
    return 1
}

captures() { daemon_of_quickstart && grep -q 'Starting capture' "$OUT/$1.out"; }

# Sets script to the process itself. SIGINT is ignored by what a shell starts in the background.
start_quickstart() { # NAME [ARGUMENTS…]
    local name=$1
    shift
    (exec ip netns exec "$NS_A" env -u SUDO_USER --default-signal=INT,TERM,HUP "BUILD_DIR=${BUILD_DIR:-$TEMP/build}" \
        bash "$quickstart" "$@") >"$OUT/$name.out" 2>"$OUT/$name.err" </dev/null &
    script=$!
    wait_until 60 "quickstart to capture" captures "$name"
}

expect_refused() { # ARGUMENTS…
    CTL_AS=other ctl --socket "$stage/control.sock" "$@"
    expect_status 5
    expect_one_error "$OUT/ctl.err" "cannot use $stage/control\.sock: it is for group [0-9]+, which has no name and which you \(ps65533\) are not in"
}

start_quickstart TERM lo
as_user other
expect_line <("${AS[@]}" id) "groups=.*\(users\)"
expect_refused status
expect_refused start -i lo -c 1 --no-files
expect_refused list
ls -ld "$stage" "$stage"/* >"$OUT/stage"
expect_equal "owner and mode of the stage" "0 755" "$(stat -c '%u %a' "$stage")"
for path in "$stage/usr/sbin/packetsentryd" "$stage/usr/bin/packetsentryctl" "$stage/state"; do
    as_user other
    ! "${AS[@]}" test -w "$path" || fail "others may write to $path"
done
as_user other
! "${AS[@]}" ls "$stage/home" >"$OUT/home" 2>&1 || fail "others see what the demonstration's user has captured"
CTL_AS=root ctl --socket "$stage/control.sock" list
expect_status 0
expect_line "$OUT/ctl.out" 'nobody'

# However it ends.
expect_end() { # SIGNAL STATUS
    local status=0
    kill -"$1" "$script"
    wait "$script" 2>/dev/null || status=$?
    expect_equal "status after SIG$1" "$2" "$status"
    wait_until 15 "the end of all processes after SIG$1" nothing_is_left
}
expect_end TERM 143
start_quickstart HUP
expect_end HUP 129
start_quickstart INT
expect_end INT 130
start_quickstart KILL
((${#stage} > 0)) || fail "no stage"
expect_end KILL 137

# And by itself: both demonstrations, to the end.
start_quickstart whole
status=0
wait "$script" || status=$?
expect_equal "status of the whole" 0 "$status"
for line in ' - DNS .*www\.example\.org A$' ' - HTTP .*GET /index\.html' '^Summary: DNS ' 'Three things to try next'; do
    expect_line "$OUT/whole.out" "$line"
done
wait_until 5 "the end of all processes" nothing_is_left
write_capture "$TEMP/night.pcap" 30
in_a env -u SUDO_USER "BUILD_DIR=${BUILD_DIR:-$TEMP/build}" bash "$quickstart" "$TEMP/night.pcap" >"$OUT/file.out" 2>"$OUT/file.err" </dev/null
expect_count 20 "$OUT/file.out" '^[0-9-]+ [0-9:]+ - (DNS|TCP|UDP|HTTP) '
