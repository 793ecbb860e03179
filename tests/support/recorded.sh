# A spool that was recorded before the daemon started, and what happens to its files.
# shellcheck shell=bash

SPOOL=$TEMP/state/spool

# Records the packets of a capture as a standing job with this number and name, which members may read, in segments of so
# many rows. Blocks have 25 rows. No daemon may run.
record_past() { # JOB NAME SEGMENT_ROWS CAPTURE [AGE_SECONDS]
    mkdir -p -m 0700 "$TEMP/state"
    "$BIN/forge_spool" record "$SPOOL" "$1" "$2" "$3" "$4" "${5:-0}" "$SOCKET_GID"
}

segment_file() { # JOB COUNTER ENDING
    printf '%s/%s/' "$SPOOL" "$1"
    (cd "$SPOOL/$1" && printf '%s' "$(printf '%010d' "$2")"-*."$3")
}

# One number of the frame of a block, counted from 0.
frame_of() { # FILE BLOCK offset|bytes
    python3 "$SUPPORT/rows_frames.py" "$1" | awk -v block="$2" -v what="$3" \
        'NR == block + 1 { print what == "offset" ? $1 : $2 }'
}

overwrite() { # FILE OFFSET BYTES
    dd if=/dev/urandom of="$1" bs=1 seek="$2" count="$3" conv=notrunc status=none
}

overwrite_all() { # FILE
    overwrite "$1" 0 "$(stat -c %s "$1")"
}

# The numbers of the rows that a search has shown as JSON, in its order, as ranges: "1-50 76-100".
found_numbers() {
    jq -r '.event.sequence' "$OUT/ctl.out" | awk '
        function tell() { if (first) printf "%s%s", separator, first == last ? first : first "-" last }
        !first || $1 != last + 1 { tell(); if (first) separator = " "; first = $1 }
        { last = $1 }
        END { tell() }'
}

saved_packets() { # FILE
    # tcpdump may print several lines for a packet.
    { capinfos -TrcM "$1" 2>/dev/null || true; } | cut -f 2
}

# From now on a daemon that is started sees a clock of the test's own (shifted_clock.cpp).
use_own_clock() {
    set_clock_forward 0
    DAEMON_ENV+=("LD_PRELOAD=$BIN/shifted_clock.so" "SHIFTED_CLOCK=$TEMP/shift")
}

# By so many seconds from the clock of the machine; below 0: back.
set_clock_forward() { # SECONDS
    python3 -c 'import struct, sys
with open(sys.argv[1], "r+b" if int(sys.argv[3]) else "wb") as out: out.write(struct.pack("<q", int(sys.argv[2]) * 10**9))' \
        "$TEMP/shift" "$1" "$([[ -e $TEMP/shift ]] && echo 1 || echo 0)"
}

# Writes another capture with other times: SECONDS has one for each packet, from 1970 on.
with_times() { # CAPTURE FROM_CAPTURE <SECONDS
    python3 -c 'import struct, sys
data = bytearray(open(sys.argv[2], "rb").read())
at = 24
for line in sys.stdin:
    seconds, captured = float(line), struct.unpack_from("<I", data, at + 8)[0]
    struct.pack_into("<II", data, at, int(seconds), round(seconds % 1 * 1e6))
    at += 16 + captured
assert at == len(data), "other times than packets"
open(sys.argv[1], "wb").write(data)' "$1" "$2"
}

# Makes a directory in memory for the state of a daemon, in which no file has to wait for a disk.
state_in_memory() { # DIRECTORY SIZE
    mkdir -p -m 0700 "$1"
    mount -t tmpfs -o "size=$2,mode=0700" none "$1" 2>/dev/null || skip "no right to mount a file system in memory"
    DISKS+=("$1")
}

# Prints "MILLISECONDS KIB": what a start takes, and what the control process then has, at the least of some starts.
start_cost() { # STATE_DIRECTORY RUNS
    printf '[spool]\nbytes = "10GiB"\nfree_disk = "1MiB"\n' >"$TEMP/start.toml"
    in_a python3 "$SUPPORT/start_cost.py" "$2" "$BIN/packetsentryd" --socket "$SOCKET" --group "$SOCKET_GROUP" \
        --state-dir "$1" --config "$TEMP/start.toml" 2>>"$TEMP/daemon.log"
}
