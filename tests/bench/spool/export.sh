# How quickly the packets of a tenth of the time go to a file. Sourced by tests/bench/spool.sh.
# shellcheck shell=bash disable=SC2154

time_of() { # OPTIONS…: the time of the packet that is printed
    ctl search -T fields -e frame.time_epoch "$@"
    head -n 1 "$OUT/ctl.out"
}

# A file of the same size, written anew, is what the disk can do.
disk_rate() { # BYTES: MB/s
    local begin
    cold_cache
    tell_time
    begin=$NOW
    dd if=/dev/zero of="$WORK/plain" bs=1M count=$(($1 / 1000000)) conv=fdatasync 2>/dev/null
    tell_time
    awk -v bytes="$1" -v time=$((NOW - begin)) 'BEGIN { printf "%.0f", bytes / time }'
    rm -f "$WORK/plain"
}

export_tenth() { # LABEL COLD SINCE UNTIL
    local begin bytes time
    (($2 == 0)) || cold_cache
    tell_time
    begin=$NOW
    ctl search --since "@$3" --until "@$4" -o "$WORK/tenth.pcapng"
    tell_time
    time=$((NOW - begin))
    bytes=$(stat -c %s "$WORK/tenth.pcapng")
    printf '%-34s %10s %10s %10s\n' "$1" "$bytes" "$(awk -v time="$time" 'BEGIN { printf "%.3f", time / 1000000 }')" \
        "$(awk -v bytes="$bytes" -v time="$time" 'BEGIN { printf "%.0f", bytes / time }')"
    exported=$bytes
    rm -f "$WORK/tenth.pcapng"
}

tell_export() {
    local first last since until
    first=$(time_of -c 1)
    last=$(time_of --last 1)
    since=$(awk -v first="$first" -v last="$last" 'BEGIN { printf "%.6f", first + (last - first) * 0.4 }')
    until=$(awk -v first="$first" -v last="$last" 'BEGIN { printf "%.6f", first + (last - first) * 0.5 }')
    printf '\n%-34s %10s %10s %10s\n' "a contiguous tenth to a file" bytes seconds MB/s
    export_tenth "warm" 0 "$since" "$until"
    export_tenth "cold" 1 "$since" "$until"
    printf '%-34s %10s %10s %10s\n' "the disk by itself" "$exported" - "$(disk_rate "$exported")"
}
