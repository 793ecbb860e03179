#!/usr/bin/env bash
# The client's own filter options mean the same on an interface, on "any" and in a file, whatever carries the packets.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

dns=$(python3 "$SUPPORT/write_carried.py" "$WORK/carried.pcap")
chmod 644 "$WORK/carried.pcap"
start_daemon

read_rows() { # OPTIONS…
    ctl --json -r carried.pcap "$@"
    expect_status 0
    wc -l <"$OUT/ctl.out"
}
live_rows() { # INTERFACE OPTIONS…
    local interface=$1
    shift
    start_ctl live start -i "$interface" --json --name live "$@"
    wait_until 10 "the capture" job_runs live
    in_b tcpreplay -q -p 200 -i eth0 "$WORK/carried.pcap" >"$OUT/replay.log" 2>&1
    sleep 0.5
    interrupt live
    wc -l <"$OUT/live.out"
}
expect_rows() { # COUNT OPTIONS…
    local want=$1
    shift
    expect_equal "rows of the file with $*" "$want" "$(read_rows "$@")"
    expect_equal "rows of eth0 with $*" "$want" "$(live_rows eth0 "$@")"
    expect_equal "rows of any with $*" "$want" "$(live_rows any "$@")"
}
all=$((2 * dns + 1))
expect_rows "$dns" -f dns
expect_rows "$dns" --filter-port 53
expect_rows "$all" -f udp
expect_rows 13 -f ip --filter-ip 203.0.113.1
expect_rows 18 --filter-ip 2001:db8::/64
expect_rows 9 --filter-ip 2001:db8::2 --filter-port 54
# libpcap's own expression has libpcap's meaning: untagged, and the tag that is still in the frame of a file.
expect_equal "rows of libpcap's expression" 2 "$(read_rows --bpf 'udp port 53')"
