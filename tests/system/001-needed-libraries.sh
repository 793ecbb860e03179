#!/usr/bin/env bash
# The control process links neither libpcap nor a dissector, and no regular expressions, as it evaluates no filter;
# the client holds neither of the first two either.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

for program in packetsentryd packetsentryctl; do
    needed=$(readelf -d "$BIN/$program" | grep NEEDED)
    [[ $needed == *libc.so* ]] || fail "cannot read the libraries of $program"
    [[ $needed != *libpcap* ]] || fail "$program needs libpcap"
    [[ $program != packetsentryd || $needed != *libre2* ]] || fail "$program needs libre2"
    [[ $program != packetsentryd || $needed != *libnettle* ]] ||
        fail "$program needs libnettle, which dissectors use, and whoever computes a Community ID"
    symbols=$(nm -C "$BIN/$program" 2>/dev/null || true)
    [[ $symbols != *packetsentry::dissect::* ]] || fail "$program holds a dissector"
    [[ $symbols != *pcap_open* && $symbols != *pcap_compile* ]] || fail "$program holds a part of libpcap"
done
for library in libpcap libnettle; do
    readelf -d "$BIN/packetsentry-worker" | grep -q "NEEDED.*$library" || fail "the worker does not need $library"
done
