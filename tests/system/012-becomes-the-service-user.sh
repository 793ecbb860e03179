#!/usr/bin/env bash
# Started as root where there is a service user, the daemon becomes that user and keeps CAP_NET_RAW
# alone; captures work as before, and so does everything that root prepared for it.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

service_user=daemon  # one that every Debian has
start_daemon --user "$service_user"

status_of() { awk -v field="$1:" '$1 == field { print $2 }' "/proc/$DAEMON_PID/status"; }
expect_equal "user" "$(id -u "$service_user")" "$(status_of Uid)"
for set in CapPrm CapEff; do expect_equal "$set" 0000000000002000 "$(status_of "$set")"; done
expect_equal "owner of the state directory" "$service_user" "$(stat -c %U "$TEMP/state")"
expect_equal "socket" "660 $SOCKET_GID" "$(stat -c '%a %g' "$SOCKET")"

start_capture ping start -i eth0 -f icmp -c 2
in_b ping -q -c 2 -i 0.2 10.77.0.1
wait_for ping 10
expect_equal "status" 0 "$STATUS"
expect_equal "rows" 2 "$(grep -c ' - ICMP ' "$OUT/ping.out")"
