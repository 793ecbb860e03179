#!/usr/bin/env bash
# A capture file of another program is named, with the command that rewrites it, and that command does so.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_capture "$WORK/plain.pcap" 30
declare -A NAMES=([snoop]="a snoop file" [netmon1]="a Network Monitor file" [netmon2]="a Network Monitor file"
    [ngsniffer]="a Sniffer file" [ngwsniffer_1_1]="a NetXRay file" [ngwsniffer_2_0]="a NetXRay file"
    [5views]="a 5View file" [lanalyzer]="a LANalyzer file" [nettl]="an HP-UX nettl file"
    [visual]="a Visual Networks file" [commview-ncf]="a CommView file"
    [k12text]="a K12 text file")
run_advice() { # BY THE LAST ERROR
    local command
    command=$(sed -n "s/.*; '\(.*\)' re.*/\1/p" "$OUT/ctl.err")
    (cd "$WORK" && as_user member && "${AS[@]}" env PATH="$BIN:$PATH" sh -c "$command") >"$OUT/advice.out" 2>&1 \
        || fail "the advice '$command' failed: $(cat "$OUT/advice.out")"
}
for format in "${!NAMES[@]}"; do
    editcap -F "$format" "$WORK/plain.pcap" "$WORK/trace-$format.cap"
    chmod 644 "$WORK/trace-$format.cap"
    ctl --no-files -r "trace-$format.cap"
    expect_status 3
    expect_one_error "$OUT/ctl.err" \
        "'trace-$format.cap': ${NAMES[$format]}; 'editcap -F pcap( -T ether)? trace-$format.cap trace-$format.pcap' rewrites it"
    run_advice
    ctl --no-files -r "trace-$format.pcap"
    expect_status 0
    expect_count 30 "$OUT/ctl.out" "^$WHEN - (TCP|UDP|DNS) "
done

# Records of 16 bytes and a frame: time, type, flags, length, counter, length on the wire.
python3 - "$WORK/trace.erf" <<'WRITE'
import struct, sys
with open(sys.argv[1], "wb") as out:
    for second in range(3):
        frame = b"\0\0" + bytes.fromhex("020000000002 020000000001 0800") + bytes(60)
        out.write(struct.pack("<QBB", (1700000000 + second) << 32, 2, 4) + struct.pack(">HHH", 16 + len(frame), 0, 78) + frame)
WRITE
chmod 644 "$WORK/trace.erf"
ctl --no-files -r trace.erf
expect_status 3
expect_one_error "$OUT/ctl.err" "an ERF file; 'editcap -F pcap trace.erf trace.pcap' rewrites it"
run_advice

# What is compressed otherwise is read with the program that unpacks it.
bzip2 -k "$WORK/plain.pcap"
xz -k --format=lzma "$WORK/plain.pcap"
chmod 644 "$WORK"/plain*
ctl --no-files -r plain.pcap.bz2
expect_status 3
expect_one_error "$OUT/ctl.err" "compressed with bzip2; 'bzip2 -dc plain.pcap.bz2 \| packetsentryctl -r -' reads it"
ctl --no-files -r plain.pcap.lzma
expect_status 3
expect_one_error "$OUT/ctl.err" "compressed with lzma; 'xz -dc plain.pcap.lzma \| packetsentryctl -r -' reads it"

# A name that a shell would take apart is left to the user; a pipe has none.
cp "$WORK/trace-snoop.cap" "$WORK/a;b"
ctl --no-files -r 'a;b'
expect_one_error "$OUT/ctl.err" "a snoop file; 'editcap -F pcap FILE FILE.pcap' rewrites it"
as_user member
status=0
(cd "$WORK" && "${AS[@]}" packetsentryctl --no-files -r -) <"$WORK/trace-snoop.cap" >"$OUT/pipe.out" 2>"$OUT/ctl.err" || status=$?
expect_equal "status from a pipe" 3 "$status"
expect_one_error "$OUT/ctl.err" "standard input: a snoop file; 'editcap -F pcap FILE FILE.pcap' rewrites it"
