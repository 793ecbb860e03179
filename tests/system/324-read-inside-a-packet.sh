#!/usr/bin/env bash
# -v, -x, -X and -A of a file, and --packet. Bytes are those that tcpdump prints, of every golden capture.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

GOLDEN=$(cd "$(dirname "${BASH_SOURCE[0]}")/../golden" && pwd)

plain_copy() { # CAPTURE
    case $1 in
        *.gz) zcat "$1" ;;
        *.zst) zstdcat "$1" ;;
        *) cat "$1" ;;
    esac >"$WORK/plain"
}
# Text of tcpdump without the lines of packets, which begin with a time; ours without the tab before each line.
text_of_tcpdump() { tcpdump -nr "$WORK/plain" "$1" 2>/dev/null | grep -avP '^\d\d:\d\d:\d\d\.\d{6} '; }
own_text() { grep -aP '^\t' "$OUT/ctl.out" | cut -c 2-; }

for capture in "$GOLDEN"/*.pcap*; do
    name=$(basename "$capture")
    plain_copy "$capture"
    for option in -x -xx -X -XX; do
        # tcpdump shows the link layer header of a packet whose headers end too soon.
        [[ $name != damaged.pcap || $option == ??? ]] || continue
        ctl -r plain --no-files "$option"
        expect_equal "bytes of $name with $option" "$(tcpdump -nr "$WORK/plain" "$option" 2>/dev/null | grep -P '^\t0x')" \
            "$(grep -P '^\t' "$OUT/ctl.out")"
    done
done
for name in dns.pcap http.pcapng icmp.pcap; do
    plain_copy "$GOLDEN/$name"
    for option in -A -AA; do
        ctl -r plain --no-files "$option"
        cmp -s <(text_of_tcpdump "$option") <(own_text) || fail "text of $name with $option"
    done
done

# One packet.
write_capture "$WORK/some.pcap" 41
ctl -r some.pcap --no-files --packet 3 -v -X
expect_status 0
expect_count 1 "$OUT/ctl.out" '^[0-9-]{10} [0-9:]{8} - DNS '
expect_line "$OUT/ctl.out" '^    frame\.number +3 '
expect_line "$OUT/ctl.out" '^    dns\.qry\.name +2\.example\.test +The name that is asked for$'
expect_line "$OUT/ctl.out" '^    dns\.qry\.type +1 \(A\)'
expect_equal "bytes" "$(tcpdump -nXr "$WORK/some.pcap" 2>/dev/null | grep -aA 100 '^[0-9]' | awk '/^[0-9]/ {n++} n == 3 && /^\t/')" \
    "$(grep -P '^\t' "$OUT/ctl.out")"
expect_line "$OUT/ctl.err" '^1 packet shown, none lost'
ctl -r some.pcap --no-files --packet 41 -o one.pcap
expect_status 0
expect_equal "saved packets" 1 "$(tcpdump -nr "$WORK/one.pcap" 2>/dev/null | wc -l)"
ctl -r some.pcap --no-files --packet 42
expect_status 3
expect_line "$OUT/ctl.err" '^packetsentryctl: some\.pcap has 41 packets; there is no packet 42$'
ctl -r some.pcap --no-files --packet 3 -Y 'dns.qry.name contains "2.example"'
expect_status 0
expect_count 1 "$OUT/ctl.out" ' - DNS '
ctl -r some.pcap --no-files --packet 3 -f tcp
expect_status 0
expect_count 0 "$OUT/ctl.out" ' - DNS '
expect_line "$OUT/ctl.err" '^packet 3 of some\.pcap does not pass the filter$'
ctl -r some.pcap --no-files --packet 0
expect_status 1
expect_one_error "$OUT/ctl.err" 'as in --packet 42$'

# Redacted; and none of it outside of the screen.
ctl -r some.pcap --redact payload=0 -XX
expect_status 0
expect_line "$OUT/ctl.out" '^	0x0000:'
! grep -qi example "$OUT/ctl.out" || fail "payload is among the bytes"
! grep -qP '^(\t|  )' "$WORK/packetsentry.log" || fail "the log has more than lines"
ctl --json -r some.pcap -X
expect_status 1
expect_one_error "$OUT/ctl.err" '-X .*the format json'
