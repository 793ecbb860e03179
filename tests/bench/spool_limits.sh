# What a capture that keeps everything withstands: a slow disk, and half of what one that keeps nothing does. Sourced by
# spool.sh, whose functions and variables it uses.
# shellcheck shell=bash

# In ms, since the daemon began.
longest_pause() {
    sed -n 's/.* longest pause between two reads was \([0-9]*\) us$/\1/p' "$TEMP/daemon.log" | sort -n |
        awk 'END { printf "%.1f", $1 / 1000 }'
}

# Writes are throttled below the file system, where its cache does not hide it. 0: no longer.
throttle() { # DEVICE BYTES_A_SECOND
    printf '%d:%d %s' $((16#$(stat -c %t "$1"))) $((16#$(stat -c %T "$1"))) "$2" 2>/dev/null \
        >/sys/fs/cgroup/blkio/blkio.throttle.write_bps_device
} 2>/dev/null

restart_on() { # SPOOL
    stop_daemon
    : >"$TEMP/daemon.log"
    printf 'log_level = "debug"\n[spool]\ndirectory = "%s"\nbytes = "1000GiB"\nfree_disk = "1MiB"\n' "$1" >"$TEMP/packetsentryd.toml"
    start_daemon --config "$TEMP/packetsentryd.toml" --jobs-dir "$TEMP/jobs"
    job=bench
    wait_until 5 "the standing job" job_runs bench
}

stall_row() { # DISK
    local rows dropped not_kept
    rows=$(ledger_sum .recorded)
    dropped=$(ledger_sum .dropped_by_kernel)
    not_kept=$(ledger_sum .not_kept)
    replay --mbps=400
    printf '%-34s %10s %10s %12s %16s\n' "$1" $((recorded - rows)) $(($(ledger_sum .dropped_by_kernel) - dropped)) \
        $(($(ledger_sum .not_kept) - not_kept)) "$(longest_pause)"
}

# The job bench keeps all on a disk that writes 100 MB/s, while 50 MB/s come.
measure_stall() {
    local device
    image=/dev/shm/packetsentry-disk.$$
    clean_up() { rm -f "$capture" "$image"; }
    truncate -s "$((packets * loops * 3))K" "$image"
    mkfs.ext4 -q "$image"
    mount_image "$image" "$TEMP/slow"
    device=${LOOPS[-1]}
    printf '\n%-34s %10s %10s %12s %16s\n' 'at 50 MB/s' rows dropped 'not kept' 'longest stall ms'
    restart_on "$TEMP/slow/plain"
    stall_row 'a disk in memory'
    restart_on "$TEMP/slow/throttled"
    if throttle "$device" 100000000; then
        stall_row 'the same at 100 MB/s (target 20 ms)'
        throttle "$device" 0
    else
        echo "a disk at 100 MB/s: not measured, because there is no blkio controller of cgroup version 1"
    fi
    stop_daemon
    umount "$TEMP/slow"
}

export_everything() {
    while :; do ctl search --job bench -o everything.pcapng; done
}

# Half of that speed, with all kept, and exported again and again.
measure_half() {
    local exporting
    printf '\n%-34s %10s %10s\n' 'capture' sent/s dropped
    mv "$TEMP/jobs/bench.toml" "$TEMP/bench.toml"
    rm -f "$TEMP/packetsentryd.toml"
    start_daemon --jobs-dir "$TEMP/jobs"
    job=alone
    ctl start -d -i eth0 --name alone
    wait_until 5 "the capture" job_runs alone
    find_first_drop
    ctl stop alone
    mv "$TEMP/bench.toml" "$TEMP/jobs"
    kill -HUP "$DAEMON_PID"
    job=bench
    wait_until 5 "the standing job" job_runs bench
    replay --pps="$speed"
    export_everything &
    exporting=$!
    try_rate $((FIRST / 2))
    echo "that was half the speed at which a capture alone drops, with everything kept and exported (target: none)"
    kill "$exporting"
    wait "$exporting" 2>/dev/null || true
    ctl search --job bench -o everything.pcapng
    printf 'not kept: %s; an export has %s packets\n' "$(ledger_sum .not_kept)" \
        "$(sed -n 's/^\([0-9]*\) packets* w.* saved to .*/\1/p' "$OUT/ctl.err")"
}
