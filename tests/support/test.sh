# Sourced first by every system test: a fresh network, a working directory, and what cleans up.
# A test may also be run by itself: BIN=DIRECTORY_OF_THE_PROGRAMS tests/system/NNN-name.sh
# KEEP=1 leaves its directory.
# shellcheck shell=bash
set -Eeuo pipefail

SUPPORT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
BIN=${BIN:-$SUPPORT/../../build/bin}
BIN=$(cd "$BIN" && pwd)
TEMP=$(mktemp -d "${TMPDIR:-/tmp}/packetsentry-test.XXXXXX")
SOCKET=$TEMP/control.sock
WORK=$TEMP/work
OUT=$TEMP/out
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
# Whoever runs the tests may have another one, or none, in which the shell's \u202e is no character.
export LC_ALL=C.UTF-8
# How every line of the log begins.
# shellcheck disable=SC2034
WHEN='[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}'

for part in check network programs jobs policy traffic measure attack disk recorded; do
    # shellcheck disable=SC1090
    . "$SUPPORT/$part.sh"
done

show_tail() { # FILE…
    local file
    for file in "$@"; do
        [[ ! -s $file ]] || { printf -- '--- %s\n' "${file##*/}"; tail -n 8 "$file" | cut -c 1-300 | cat -v; }
    done
}

# The end of a test is one more: the daemon has lived through it and ends well.
end_daemon() {
    [[ -n $DAEMON_PID ]] || return 0
    kill -TERM "$DAEMON_PID" 2>/dev/null
    (wait_for_end "$DAEMON_PID" 10) || return 1
    wait "$DAEMON_PID" && return
    echo "FAILED: the daemon ended with status $?" >&2
    return 1
}

# What a test has to put away before its daemon, its network and its files go: it defines this anew. Not by a
# trap of its own, whose last command's status would be the test's.
clean_up() { :; }

finish() {
    local status=$?
    trap - EXIT ERR
    set +e
    clean_up
    if ! end_daemon; then ((status != 0)) || status=1; fi
    remove_network
    remove_disks
    mountpoint -q "$WORK/small" 2>/dev/null && umount "$WORK/small"
    ((status == 0 || status == 77)) || show_tail "$OUT"/*.err "$OUT"/*.out "$TEMP"/*.log >&2
    [[ -n ${KEEP:-} ]] || rm -rf "$TEMP"
    exit "$status"
}
trap finish EXIT
trap 'exit 124' TERM INT
trap 'printf "FAILED: %s line %s: %s\n" "${BASH_SOURCE[0]##*/}" "$LINENO" "$BASH_COMMAND" >&2' ERR

chmod 755 "$TEMP"
mkdir "$WORK" "$OUT"
chown "${USER_ID[member]}:${USER_ID[member]}" "$WORK"
make_network
