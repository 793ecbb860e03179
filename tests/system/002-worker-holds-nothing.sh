#!/usr/bin/env bash
# While a capture runs, its worker has no capability and cannot gain one, system calls are filtered, limits are
# set, nobody of its own user may look into it, and no file is open to it but the daemon's standard error: the
# rest are sockets, rings and /dev/null.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon --user daemon  # whom every Debian has
start_capture capture start -i eth0 -f icmp
worker=$(worker_pid)
[[ -n $worker ]] || fail "the daemon has no worker"
expect_equal "the worker's program" packetsentry-wo "$(cat "/proc/$worker/comm")"
expect_no_capabilities "$worker"
expect_equal Seccomp 2 "$(status_field "$worker" Seccomp)"
filters=$(status_field "$worker" Seccomp_filters)  # a kernel before 5.10 does not tell
expect_equal "filters of system calls: one before the first byte, one before the first packet" 2 "${filters:-2}"
for descriptor in "/proc/$worker/fd"/*; do
    target=$(readlink "$descriptor")
    case $target in
        /dev/null | socket:* | anon_inode:* | pipe:* | "$TEMP/daemon.log") ;;
        *) fail "the worker holds $target open" ;;
    esac
done

limits() { # NAME: soft and hard
    sed -nE "s/^Max $1 +([a-z0-9]+) +([a-z0-9]+) .*/\1 \2/p" "/proc/$worker/limits"
}
held=$(find "/proc/$worker/fd" -mindepth 1 | wc -l)
expect_equal "limit on open files: those there are" "$held $held" "$(limits 'open files')"
expect_equal "limit on processes" "0 0" "$(limits processes)"
expect_equal "limit on core files" "0 0" "$(limits 'core file size')"
read -r soft hard < <(limits 'address space')
[[ $soft == "$hard" && $soft != unlimited ]] || fail "limit on memory: $soft $hard"
((soft <= 1 << 30)) || fail "limit on memory: $soft bytes"

# One that may be dumped would belong to its user.
uid=$(id -u daemon)
expect_equal "the worker's user" "$uid" "$(status_field "$worker" Uid)"
expect_equal "owner of what the kernel tells of it" 0 "$(stat -c %u "/proc/$worker/fd")"
as_its_user() { setpriv --reuid "$uid" --regid "$(id -g daemon)" --clear-groups --inh-caps=-all -- "$@"; }
as_its_user readlink /proc/self/exe >"$OUT/own" || fail "that user cannot even look at itself"
for file in exe fd/0 cwd; do
    ! as_its_user readlink "/proc/$worker/$file" >"$OUT/looked" 2>&1 || fail "its user may read its $file"
done

ping_a 3
wait_until 3 "the pings" grep -q ICMP "$OUT/capture.out"
interrupt capture
expect_status 0
