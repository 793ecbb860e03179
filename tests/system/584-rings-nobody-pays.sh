#!/usr/bin/env bash
# Kernel rings belong to no process and no cgroup: those of one user, and of all, have a limit; a request cannot ask for
# more than the configuration gives; what is refused says so, and costs nothing.
# Runs alone: it takes all that a user may have of the machine.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

printf '[memory]\nring = "16MiB"\nrings_per_user = "64MiB"\nrings = "128MiB"\n' >"$TEMP/daemon.toml"
start_daemon --config "$TEMP/daemon.toml"

# By hand, as packetsentryctl has no option for it: 1 GiB for one interface.
in_a env PYTHONDONTWRITEBYTECODE=1 "PACKETSENTRY_SOCKET=$SOCKET" PYTHONPATH="$SUPPORT" python3 - \
    "${USER_ID[member]}" "$SOCKET_GID" >"$OUT/asked" <<'PYTHON'
import sys
from control_client import START, Client, connect_as, error_of, number, text
client = Client(connection=connect_as(int(sys.argv[1]), [int(sys.argv[2])]))
for size in (1 << 30, (16 << 20) + 1, 16 << 20):
    print(size, error_of(client.ask(START, text(1, text(1, "eth0") + number(7, size)))))
PYTHON
cat "$OUT/asked"
expect_line "$OUT/asked" "^1073741824 \(1, 1, \"the kernel's ring has at most 16777216 bytes \(memory.ring\)\"\)$"
expect_line "$OUT/asked" "^16777217 \(1, 1, "
expect_line "$OUT/asked" "^16777216 None$"
for name in b c d; do
    ctl start -d -i eth0 --name $name
    expect_status 0
done
memory_before=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)
ctl start -d -i eth1 --name e
expect_status 1
expect_one_error "$OUT/ctl.err" 'the kernel rings of your captures use 64 MiB, and this capture needs 16 MiB more; the limit is 64 MiB \(memory.rings_per_user\)'
ctl status
expect_line "$OUT/ctl.out" '^Kernel rings: +64.0 MiB of 128.0 MiB; yours 64.0 MiB, at most 64.0 MiB$'
for name in a b c d; do
    CTL_AS=other ctl start -d -i eth1 --name $name
    expect_status 0
done
CTL_AS=other ctl start -d -i eth1
expect_status 1
ctl stop b
expect_status 0
# Interfaces of one job share what is meant for one.
ctl start -d -i eth1 -i eth0 --name two
expect_status 0
ctl status
expect_line "$OUT/ctl.out" '^Kernel rings: +128.0 MiB of 128.0 MiB; yours 64.0 MiB, at most 64.0 MiB$'
ctl stop two
expect_status 0

# Root has no limit of its own, and counts.
ctl start -d -i eth1 --name f
expect_status 0
CTL_AS=root ctl start -d -i eth0
expect_status 0
ctl status
expect_line "$OUT/ctl.out" '^Kernel rings: +144.0 MiB of 128.0 MiB'
# A change of the filter goes on where the old worker's rings are still there.
ctl filter f -f udp
expect_status 0
memory_after=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)
echo "$(((memory_before - memory_after) / 1024)) MiB less are available with five rings of 16 MiB more"
