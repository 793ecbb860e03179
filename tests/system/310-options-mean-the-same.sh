#!/usr/bin/env bash
# The client's own filter options mean the same on an interface, on "any" and in a file, whatever carries the packets
# and whatever the link type.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

mkdir "$WORK/links"
dns=$(python3 "$SUPPORT/write_carried.py" "$WORK/carried.pcap" "$WORK/links")
chmod -R a+rX "$WORK/carried.pcap" "$WORK/links"
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
expect_rows 25 -f ip --filter-ip 203.0.113.1
expect_rows 20 --filter-ip 2001:db8::/64
expect_rows 10 --filter-ip 2001:db8::2 --filter-port 54
# libpcap's own expression has libpcap's meaning: untagged, and the tag that is still in the frame of a file.
expect_equal "rows of libpcap's expression" 2 "$(read_rows --bpf 'udp port 53')"

# The dissector decides where no program of a filter knows the link type. What it rejects counts towards no limit.
for file in "$WORK"/links/*.pcap; do
    name=${file##*/}
    link_rows() { # OPTIONS…
        ctl --json -r "links/$name" "$@"
        expect_status 0
        wc -l <"$OUT/ctl.out"
    }
    expect_equal "rows of $name" 6 "$(link_rows)"
    expect_equal "rows of $name with -f dns" 3 "$(link_rows -f dns)"
    expect_equal "rows of $name with -f dns -c 2" 2 "$(link_rows -f dns -c 2)"
    expect_equal "rows of $name with --filter-port 54" 3 "$(link_rows --filter-port 54)"
    expect_equal "rows of $name with -f tcp" 0 "$(link_rows -f tcp)"
    four=$(link_rows --filter-ip 203.0.113.2)
    six=$(link_rows --filter-ip 2001:db8::1)
    expect_equal "rows of $name with an address" 6 $((four + six))
done
