#!/usr/bin/env bash
# Of the outputs of jobs in the background the service manager is given those in the kernel's own file systems to
# keep, and no other: what it would close a copy of in each program that it starts.
# Runs alone: it takes all that a user may have of the machine.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

[[ -c /dev/fuse ]] || skip "there is no /dev/fuse"
python3 "$SUPPORT/notify_socket.py" "$TEMP/notify" >"$OUT/notify.out" 2>"$OUT/notify.err" &
receiver=$!
wait_until 20 "the notify socket" test -S "$TEMP/notify"
clean_up() { kill "$receiver" 2>/dev/null; }
DAEMON_ENV=("NOTIFY_SOCKET=$TEMP/notify")
start_daemon

ctl start -d -i eth0 --name saving -o "/dev/shm/saved.$$.pcap"
expect_status 0
rm -f "/dev/shm/saved.$$.pcap"
wait_until 5 "the output kept" grep -q 'FDSTORE=1 FDNAME=kept-1$' "$OUT/notify.out"
mkdir "$TEMP/layers" "$WORK/merged"
mount -t tmpfs none "$TEMP/layers" && DISKS+=("$TEMP/layers")
mkdir "$TEMP"/layers/{lower,upper,work}
# As of one that is mounted elsewhere, the device of its files is that of no mount here: its layers lie apart.
mount -t tmpfs none "$TEMP/layers/lower" && DISKS+=("$TEMP/layers/lower")
if [[ $(findmnt -no FSTYPE /) != overlay ]] && mount -t overlay -o "lowerdir=$TEMP/layers/lower,upperdir=$TEMP/layers/upper,workdir=$TEMP/layers/work" none \
    "$WORK/merged"; then
    DISKS+=("$WORK/merged")
    chmod 777 "$WORK/merged"
    # It could be memory that nobody pays for.
    ctl start -d -i eth0 --name over -o merged/saved.pcap
    expect_status 3
    expect_one_error "$OUT/ctl.err" 'the output is in memory, or on a file system that is not mounted here'
fi
start_hung_file 1000
wait_until 10 "the capture" job_runs hangs
sleep 0.5
expect_equal "outputs kept" 1 "$(grep -c 'FDSTORE=1' "$OUT/notify.out")"
kill -KILL "${PIDS[hung]}"
wait "${PIDS[hung]}" 2>/dev/null || true
