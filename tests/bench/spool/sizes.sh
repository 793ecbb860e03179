# What rows and their index take, beside the packets. Sourced by tests/bench/spool.sh.
# shellcheck shell=bash disable=SC2154

bytes_of() { # ENDING
    find "$spool" -name "*.$1" -printf '%s\n' | awk '{ sum += $1 } END { print sum + 0 }'
}

# Packets without the headers of their blocks, as tcpdump counts them.
tell_sizes() {
    local packets rows index
    packets=$(bytes_of pcapng) rows=$(bytes_of rows) index=$(bytes_of index)
    printf '\n%s segments; packets %s bytes, rows %s, index %s\n' \
        "$(find "$spool" -name '*.rows' | wc -l)" "$packets" "$rows" "$index"
    awk -v rows="$rows" -v index_bytes="$index" -v packets="$packets" -v count="$recorded" 'BEGIN {
        printf "rows and index are %.2f %% of the packets, index %.2f %%; a row takes %.1f bytes, the packet of one %.1f\n",
            (rows + index_bytes) * 100 / packets, index_bytes * 100 / packets, rows / count, packets / count }'
    printf 'at 2 packets a second for an hour:%s\n' "$("$build/bench/row_size" "$capture" 2 | tail -n 1)"
}
