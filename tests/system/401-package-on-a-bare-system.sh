#!/usr/bin/env bash
# The package on a bare Debian: apt finds all it needs, units are enabled and run, the user and its
# directories are there, every file has its owner and mode, and nothing is missing at run time.
. "$(dirname "${BASH_SOURCE[0]}")/../support/lab.sh"

lab --tree package <<'INSIDE'
for program in /usr/sbin/packetsentryd /usr/bin/packetsentryctl /usr/libexec/packetsentry/packetsentry-worker; do
    expect_equal "libraries that $program misses" "" "$(ldd "$program" | grep 'not found' || true)"
done
expect_equal "state of the package" "ii " "$(dpkg-query -W -f '${db:Status-Abbrev}' packetsentry)"
systemctl is-enabled --quiet packetsentryd.service packetsentryd.socket
wait_until 10 "the service" systemctl is-active --quiet packetsentryd.service
expect_equal "socket" "660 root packetsentry" "$(stat -c '%a %U %G' /run/packetsentry/control.sock)"
expect_equal "its directory" "755 root root" "$(stat -c '%a %U %G' /run/packetsentry)"
expect_equal "state" "700 packetsentry packetsentry" "$(stat -c '%a %U %G' /var/lib/packetsentry)"
expect_equal "the daemon's user" packetsentry "$(stat -c %U "/proc/$(main_pid)")"
packetsentryctl status >"$OUT/status"
expect_line "$OUT/status" "$(dpkg-query -W -f '${Version}' packetsentry | cut -d- -f1)"
while read -r file; do
    [[ -e $file ]] || fail "the package names $file, which is not there"
done < <(dpkg -L packetsentry)
expect_equal "files of others" "" "$(dpkg -L packetsentry | xargs stat -c '%U:%G %n' | grep -v '^root:root' || true)"
packetsentryd --check-config >/dev/null
journal -p warning >"$OUT/warnings"
expect_equal "warnings at the start" "" "$(cat "$OUT/warnings")"
INSIDE
