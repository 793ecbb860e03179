# The two programs that record, both in namespace A, and how a capture gets to its place.
# shellcheck shell=bash

RECORDER=

# Nanosecond pcap, by tcpdump.
begin_tcpdump() { # NAME INTERFACE FILTER [OPTIONS…]
    ip netns exec "$NS_A" tcpdump -i "$2" -n -U -Z root --time-stamp-precision=nano -w "$TEMP/$1.pcap" "${@:4}" "$3" \
        >"$OUT/$1.out" 2>"$OUT/$1.err" </dev/null &
    RECORDER=$!
    wait_until 20 "tcpdump" has_lines 1 "$OUT/$1.err" 'listening on'
}

# A packet reaches the file up to a second after its sender has ended.
end_tcpdump() { # NAME
    sleep 1
    kill -INT "$RECORDER"
    wait_for_pid "$RECORDER" 10
    publish "$TEMP/$1.pcap"
}

# pcapng, by the project's own daemon and client.
begin_packetsentry() { # NAME INTERFACE FILTER
    start_capture "$1" start --no-files -i "$2" --bpf "$3" -o "$1.pcapng"
}

end_packetsentry() { # NAME
    sleep 1
    interrupt "$1"
    expect_status 0
    publish "$WORK/$1.pcapng"
}

publish() { # FILE
    local packets
    packets=$(capinfos -TrcM "$1" | cut -f 2)
    ((5 <= packets && packets <= 30)) || fail "$packets packets in ${1##*/}: expected 5 to 30"
    expect_at_least "bytes that ${1##*/} leaves of 16 KiB" 1 "$((16384 - $(stat -c %s "$1")))"
    install -m 644 "$1" "$GOLDEN/${1##*/}"
}

# The recorded file gives way to its compressed one.
pack() { # FILE COMMAND…
    "${@:2}" <"$GOLDEN/$1" >"$TEMP/packed"
    case $2 in gzip) mv "$TEMP/packed" "$GOLDEN/$1.gz" ;; zstd) mv "$TEMP/packed" "$GOLDEN/$1.zst" ;; esac
    rm "$GOLDEN/$1"
}

# The frames that a program writes, as they are, from B to A.
send_frames() { # INTERFACE PROGRAM
    in_b python3 "$GOLDEN/record/$2" "$1"
}
