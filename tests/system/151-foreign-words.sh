#!/usr/bin/env bash
# What users of tcpdump, dumpcap and tshark type out of habit is answered, in one line, with what there is here;
# a number or a condition that is none, with an example. "help" is a command.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

expect_advice() { # EXTENDED_REGEX ARGUMENTS…
    local advice=$1
    shift
    ctl "$@"
    expect_status 1
    expect_one_error "$OUT/ctl.err" "^packetsentryctl: .*$advice"
}

write_capture "$WORK/some.pcap" 3
expect_advice "--bpf 'port 53'$" -i eth0 port 53
expect_advice "--bpf 'port 53'$" -i eth0 'port 53'
expect_advice "--bpf 'not port 22'$" -ni eth0 -c 5 not port 22
expect_advice "--bpf 'tcp port 80'$" -r some.pcap tcp port 80
expect_advice '-f dns$' -i eth0 dns
expect_advice 'no option -C: write -b filesize:10MB with' -i eth0 -o x.pcap -C 10
expect_advice 'no option -G: write -b duration:10s with' -i eth0 -o x.pcap -G 10
expect_advice 'no option -C and -W: write -b filesize:20MB -b files:10 with' -i eth0 -o x.pcap -C 20 -W10
expect_advice 'no option -W: write -b files:10 with .* -b filesize:100MB or -b duration:1h' -i eth0 -o x.pcap -W 10
expect_advice 'no option -C: write -b filesize:100MB ' -i eth0 -o x.pcap -C
expect_advice '-b filesize:100MiB, -b duration:1h or -b packets:1000' -i eth0 -o x.pcap -b 10
expect_advice "-Y 'tcp.port == 80'$" -r some.pcap 'tcp.port == 80'
expect_advice 'no option -R: -Y takes a display filter' -R 'tcp.port == 80' -r some.pcap
[[ ! -e $WORK/x.pcap ]] || fail "a refused command line made its output"

expect_advice 'as in -c 100$' -i eth0 -c many
expect_advice '--count needs a value' -i eth0 -c
expect_advice 'as in 60s or 1h30m' -i eth0 -a duration:soon
expect_advice 'as in 10MiB' -i eth0 -o x.pcap -a filesize:10
expect_advice '-a duration:60s' -i eth0 -a 60

ctl --help
cp "$OUT/ctl.out" "$OUT/whole.out"
ctl help
expect_status 0
cmp -s "$OUT/ctl.out" "$OUT/whole.out" || fail "'help' is not '--help'"
ctl help start
expect_status 0
expect_line "$OUT/ctl.out" 'packetsentryctl start -i eth0 -f dns'
expect_advice "no command 'nonsense'" help nonsense
