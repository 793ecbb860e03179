#!/usr/bin/env bash
# Tunnels and link types that only some networks have: what is inside is told, the tunnel by its name.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

python3 - "$WORK" <<'WRITE'
import struct, sys

def summed(header):
    total = sum(struct.unpack("!10H", header))
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    return header[:10] + struct.pack("!H", ~total & 0xFFFF) + header[12:]

def ipv4(protocol, payload, ends="c0000201c0000202"):
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0) + bytes.fromhex(ends)
    return summed(head) + payload

def udp(port, payload):
    return struct.pack("!HHHH", 4000, port, 8 + len(payload), 0) + payload

def ethernet(kind, payload):
    return bytes.fromhex("020000000002" "020000000001") + struct.pack("!H", kind) + payload

def write(name, link_type, frame):
    with open(f"{sys.argv[1]}/{name}.pcap", "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link_type))
        out.write(struct.pack("<IIII", 1700000000, 0, len(frame), len(frame)) + frame)

inside = ipv4(1, bytes.fromhex("0800f7ff00000000"), "cb007101cb007102")
frame = ethernet(0x0800, inside)
h = bytes.fromhex
for name, payload in {
    "geneve": (6081, h("0000655800000700") + frame),
    "vxlan-gpe": (4790, h("0c00000300000700") + frame),
    "gtp": (2152, h("30ff") + struct.pack("!H", len(inside)) + h("00000001") + inside),
    "l2tpv3": (1701, h("000300000000000700000000") + frame),
    "wireguard": (51820, h("01000000") + bytes(144)),
}.items():
    write(name, 1, ethernet(0x0800, ipv4(17, udp(*payload))))
for name, payload in {
    "erspan": h("100022eb00000001200000000000000100000000") + frame,
    "nvgre": h("2000655800000700") + frame,
    "wccp": h("0000883e00000000") + inside,
    "nhrp": h("00002001000108000000000000ff002000000000010304000000"),
}.items():
    write(name, 1, ethernet(0x0800, ipv4(47, payload)))
for name, kind, payload in (("pbb", 0x88E7, h("00000007") + frame), ("fabricpath", 0x8903, h("0060") + frame),
                            ("e-tag", 0x893F, h("0000000100000800") + inside),
                            ("vn-tag", 0x8926, h("000100020800") + inside),
                            ("nsh", 0x894F, h("0fc20201000010ff") + inside)):
    write(name, 1, ethernet(kind, payload))
write("nflog", 239, h("0200000008000a006c6f6700") + struct.pack("<HH", 4 + len(inside), 9) + inside)
write("ppi", 192, h("0000080001000000") + frame)
write("hdlc", 104, h("0f000800") + inside)
write("frame-relay", 107, h("184103cc") + inside)
write("fddi", 10, h("50020000000002020000000001aaaa030000000800") + inside)
write("token-ring", 6, h("1040020000000002020000000001aaaa030000000800") + inside)
write("vsock", 271, struct.pack("<QQIIHHHH", 2, 3, 1024, 5000, 1, 1, 0, 0))
write("usb", 189, h("0000000000000000" "43038105" "03002d00") + bytes(16) + h("0000000000000000") + bytes(8))
WRITE
chmod 644 "$WORK"/*.pcap
expect_row() { # NAME REGEX
    ctl --no-files -r "$1.pcap"
    expect_status 0
    expect_count 1 "$OUT/ctl.out" "^$WHEN - $2"
}
ECHO='ICMP 203\.0\.113\.1 -> 203\.0\.113\.2 .*Echo request'
for name in geneve vxlan-gpe gtp l2tpv3 erspan nvgre wccp; do
    expect_row "$name" "ICMP 192\\.0\\.2\\.1 -> 192\\.0\\.2\\.2 .*$name 203\\.0\\.113\\.1 -> 203\\.0\\.113\\.2 Echo request"
done
for name in pbb fabricpath e-tag vn-tag nsh nflog ppi hdlc frame-relay fddi token-ring; do expect_row "$name" "$ECHO"; done
expect_row wireguard 'WireGuard 192\.0\.2\.1 -> 192\.0\.2\.2 WireGuard Handshake initiation'
expect_row nhrp 'NHRP 192\.0\.2\.1 -> 192\.0\.2\.2 NHRP Registration request'
expect_row vsock 'vsock .*vsock 2:1024 -> 3:5000 Connect'
expect_row usb 'USB .*USB 3\.5\.1 bulk in Complete 0 bytes'

# Redacted, nothing of the inner addresses is left where a tunnel is masked.
ctl --no-files -r geneve.pcap --redact addresses -o masked.pcap
expect_status 0
! grep -q "$(printf '\xcb\x00\x71\x01')" "$WORK/masked.pcap" || fail "an inner address survived"
