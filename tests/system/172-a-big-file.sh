#!/usr/bin/env bash
# A file of 5 GB that comes by a pipe, five million packets of which no two are alike: every one is shown, and client
# and worker hold at the end what they held after 500 MB, to 4 MiB. The worker may hold 8 MiB more for rows that a busy
# client has not taken yet (daemon/worker/link.h). BIG=50 reads 50 GB.
# Runs alone: it measures memory and takes both cores.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

gigabytes=${BIG:-5}
blocks_of_a_gigabyte=331

write_blocks() { # FIRST END
    PYTHONDONTWRITEBYTECODE=1 python3 "$SUPPORT/write_big.py" "$1" "$(($2 - $1))" >&"$pipe"
}
expect_flat() { # WHAT PID KIB_BEFORE KIB_MORE
    local now
    now=$(status_field "$2" VmHWM)
    echo "the $1 held $3 KiB after 500 MB, and $now KiB after $gigabytes GB"
    ((now <= $3 + $4)) || fail "the memory of the $1 grew from $3 KiB to $now KiB"
}

mkfifo "$WORK/big.pcap"
chmod 644 "$WORK/big.pcap"
ln -s /dev/null "$OUT/read.out"
start_ctl read -r big.pcap --no-files
exec {pipe}>"$WORK/big.pcap"
half=$((blocks_of_a_gigabyte / 2)) end=$((blocks_of_a_gigabyte * gigabytes))
write_blocks 0 "$half"
client=${PIDS[read]} worker=$(pgrep -P "${PIDS[read]}")
client_held=$(status_field "$client" VmHWM) worker_held=$(status_field "$worker" VmHWM)
write_blocks "$half" "$end"
expect_flat client "$client" "$client_held" 4096
expect_flat worker "$worker" "$worker_held" $((4096 + 8192))
exec {pipe}>&-
wait_for read
expect_status 0
expect_one_error "$OUT/read.err" "^$((3000 * end)) packets shown, none lost$"
