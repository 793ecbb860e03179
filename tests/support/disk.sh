# File systems on loop devices, over images in memory; gone at the end of the test.
# shellcheck shell=bash

DISKS=()
LOOPS=()

mount_image() { # IMAGE DIRECTORY [OPTIONS]
    local loop
    loop=$(losetup --find --show "$1" 2>/dev/null) || skip "no loop device to be had"
    LOOPS+=("$loop")
    mkdir -p "$2"
    mount ${3:+-o "$3"} "$loop" "$2" 2>/dev/null || skip "this kernel does not mount it"
    DISKS+=("$2")
}

# Mounts a new file system at $WORK/disk, which members may write. Its image, $TEMP/images/disk, may be said
# to be larger than the memory that is there for it.
make_disk() { # MEMORY SIZE FORMAT_COMMAND…
    mkdir "$TEMP/images"
    mount -t tmpfs -o "size=$1" none "$TEMP/images" 2>/dev/null || skip "no right to mount a small file system"
    DISKS+=("$TEMP/images")
    truncate -s "$2" "$TEMP/images/disk"
    "${@:3}" "$TEMP/images/disk" >"$OUT/mkfs.out" 2>&1 || skip "$3 is not installed"
    mount_image "$TEMP/images/disk" "$WORK/disk"
    chmod 777 "$WORK/disk"
}

remove_disks() {
    local i
    for ((i = ${#DISKS[@]} - 1; i >= 0; i--)); do umount -l "${DISKS[i]}" 2>/dev/null; done
    for i in "${LOOPS[@]}"; do losetup -d "$i" 2>/dev/null; done
}

# A member brings files of a file system that answers no more, until it is sent away. Ends with $PIDS[hung].
start_hung_flood() { start_hung flood; }

# A member's job "hangs" saves into a file system of its own that answers no more; WRITES: not before so many, the last
# of which takes SECONDS. Ends with $PIDS[hung].
start_hung_file() { start_hung send "$@"; } # [WRITES [SECONDS]]

# A member's job "stalls" saves into one of which the last of so many WRITES takes SECONDS; what is written stands in the
# file STORED. Ends with $PIDS[hung].
start_stalling_file() { start_hung stall "$@"; } # WRITES SECONDS STORED

# Its JOBS save into one whose closing alone is not answered, and have their filters changed so often. Ends with
# $PIDS[hung].
start_hung_changes() { start_hung change "$@"; } # JOBS TIMES

# It starts and stops jobs that save into one whose closing is answered to the daemon alone. Ends with $PIDS[hung].
start_hung_turns() { start_hung turns "$DAEMON_PID"; }

# Another user's job that saves, begins and ends.
expect_start_of_other() {
    CTL_AS=other ctl start -d -i eth0 --name others -o "/dev/shm/others.$$.pcap"
    expect_status 0
    CTL_AS=other ctl stop others
    expect_status 0
    rm "/dev/shm/others.$$.pcap"
}

files_of_other_are_closed() { [[ -z $(find "/proc/$DAEMON_PID/fd" -lname '*/others.*') ]]; }

# So many users, each of them with so many connections that end with a file unread that does not close. Ends with
# $PIDS[hung].
start_hung_connections() { start_hung unread "$DAEMON_PID" "$@"; } # COUNT USERS

start_hung() { # WHAT [WRITES [SECONDS]]
    (exec ip netns exec "$NS_A" env PACKETSENTRY_SOCKET="$SOCKET" PYTHONPATH="$SUPPORT" PYTHONDONTWRITEBYTECODE=1 \
        TMPDIR="$TEMP" python3 "$SUPPORT/hung_file.py" "$1" "${USER_ID[member]}" "$SOCKET_GID" "${@:2}") \
        >"$OUT/hung.out" 2>"$OUT/hung.err" &
    PIDS[hung]=$!
}
