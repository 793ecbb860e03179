#!/usr/bin/env bash
# -b: packets are saved to several files. Under a flood, whatever limits a file, all datagrams are in the files, each
# once; each file is whole for Wireshark's reader and for tcpdump, and the names sort by time. files: removes the oldest
# of the files that this capture has made, and no others. A file is read in the same way. A killed client, a killed
# worker and a changed filter cost no file; a full disk and a folder without the right to write are told, and end saving.
# Runs alone: it counts what is lost under load.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

mkdir "$WORK/small"
mount -t tmpfs -o size=256k,mode=777 none "$WORK/small" 2>/dev/null || skip "no right to mount a small file system"
start_daemon
files() { (cd "$WORK" && ls "$1"_*."$2" 2>/dev/null); } # STEM ENDING, as the shell sorts names
unpack() { # FILE
    case $1 in
    *.zst) zstdcat "$WORK/$1" ;;
    *.gz) zcat "$WORK/$1" ;;
    *) cat "$WORK/$1" ;;
    esac
}
packets_in() { unpack "$1" | tcpdump --count -nr - 2>/dev/null | sed 's/ packets\?$//'; }
packets_in_all() { # STEM ENDING
    local file sum=0
    for file in $(files "$@"); do sum=$((sum + $(packets_in "$file"))); done
    echo "$sum"
}
ports_in() { unpack "$1" | tcpdump -nr - 2>/dev/null | sed -n 's/.* > 10\.77\.0\.1\.\([0-9]*\): .*/\1/p'; }
# Each file, and the time of its first packet is not before that of the last one in the file before it.
expect_whole() { # STEM ENDING
    local file packets first last before=0
    # shellcheck disable=SC2046
    (cd "$WORK" && capinfos -T -r -c -a -e -S $(files "$@")) >"$TEMP/infos" 2>"$OUT/capinfos.err" || fail "$(cat "$OUT/capinfos.err")"
    expect_no_line "$OUT/capinfos.err" 'cut short|damaged|corrupt'
    while IFS=$'\t' read -r file packets first last; do
        expect_equal "packets of $file for tcpdump" "$packets" "$(packets_in "$file")"
        ((packets != 0)) || continue
        awk -v a="$before" -v b="$first" 'BEGIN { exit !(a <= b) }' || fail "$file begins before the end of the file before it"
        before=$last
    done <"$TEMP/infos"
}
expect_each_once() { # STEM ENDING FIRST COUNT
    local file
    for file in $(files "$1" "$2"); do ports_in "$file"; done >"$TEMP/ports"
    seq "$3" $(($3 + $4 - 1)) | cmp -s - <(sort -n "$TEMP/ports") ||
        fail "of $4 datagrams, $(wc -l <"$TEMP/ports") are in the files of $1, $(sort -u "$TEMP/ports" | wc -l) of them distinct"
}

# A flood, with a change of the filter in the middle.
count=8000
start_ctl packets start -i eth0 -f udp --name packets --no-files -o packets.pcapng -b packets:1000
start_ctl size start -i eth0 -f udp --name size --no-files -o size.pcap -b filesize:200kB
start_ctl packed start -i eth0 -f udp --name packed --no-files -o packed.pcapng.zst -b packets:5000
start_ctl gzip start -i eth0 -f udp --name gzip --no-files -o gzip.pcap.gz -b packets:5000
for job in packets size packed gzip; do wait_until 20 "the capture '$job'" capture_started "$job"; done
send_numbered 2000 "$count" 8000 &
sender=$!
sleep 0.4
ctl filter packets --bpf udp
expect_status 0
wait "$sender"
for job in packets size packed gzip; do
    wait_until 10 "the datagrams of $job" shows_number "$job" .ledger.recorded "$count"
    interrupt "$job"
    expect_status 0
    expect_equal "packets of $job that are not saved" 0 "$(job_number "$job" .ledger.not_saved)"
    expect_equal "packets of $job that are saved" "$(job_number "$job" .ledger.recorded)" "$(job_number "$job" .ledger.saved)"
done
for kind in 'packets pcapng' 'size pcap' 'packed pcapng.zst' 'gzip pcap.gz'; do
    # shellcheck disable=SC2086
    expect_each_once $kind 2000 "$count"
    # shellcheck disable=SC2086
    expect_whole $kind
done
[[ $(files packets pcapng | head -n 1) =~ ^packets_00001_20[0-9]{12}\.pcapng$ ]] || fail "the first file is called $(files packets pcapng | head -n 1)"
expect_equal "files of 1000 packets, and one more for the change" 9 "$(files packets pcapng | wc -l)"
for file in $(files packets pcapng); do (($(packets_in "$file") <= 1000)) || fail "$file has $(packets_in "$file") packets"; done
expect_line "$OUT/packets.out" 'Packets saved to 9 files, packets_00001_[0-9]*\.pcapng to packets_00009_[0-9]*\.pcapng$'
for file in $(files size pcap | head -n -1); do
    bytes=$(stat -c %s "$WORK/$file")
    ((bytes >= 200000 && bytes < 202000)) || fail "$file has $bytes bytes"
done
expect_equal "files of zstd" "5000 3000" "$(for file in $(files packed pcapng.zst); do packets_in "$file"; done | tr '\n' ' ' | sed 's/ $//')"
zstd -tq "$WORK"/packed_*.zst
gzip -t "$WORK"/gzip_*.gz
ctl show packets
expect_line "$OUT/ctl.out" '^Files: .*number 9,'

# By time, with and without packets: the newest two are kept, and what is not this capture's stays.
echo "somebody's" >"$WORK/ring_00000_20200101000000.pcapng"
start_capture ring start -i eth0 -f icmp --name ring --no-files -o ring.pcapng -b duration:1s -b files:2
ping_a 5
sleep 2.2
interrupt ring
expect_status 0
expect_line "$OUT/ring.out" 'Packets saved to 2 files, ring_0000[2-6]_.* to ring_0000[3-7]_.*\.pcapng \([1-5] older ones? (was|were) removed\)$'
expect_equal "files that are left" 3 "$(files ring pcapng | wc -l)"
expect_equal "what was there before" "somebody's" "$(cat "$WORK/ring_00000_20200101000000.pcapng")"
rm "$WORK/ring_00000_20200101000000.pcapng"
expect_whole ring pcapng

# A worker dies: the next one goes on in another file.
start_capture dies start -i eth0 -f icmp --name dies --no-files -o dies.pcap -b packets:7
ping_a 10
wait_until 5 "the pings in the files" shows_number dies .ledger.saved 20
kill -KILL "$(worker_pid)"
wait_until 5 "the worker's return" has_lines 1 "$OUT/dies.err" 'goes on'
ping_a 10
wait_until 5 "the pings of the new worker" shows_number dies .ledger.recorded 40
interrupt dies
expect_status 0
expect_whole dies pcap
expect_equal "packets in the files" 40 "$(packets_in_all dies pcap)"
expect_equal "packets that are saved" 40 "$(job_number dies .ledger.saved)"

# A client is killed while much comes: all that was recorded is in whole files.
start_capture orphan start -i eth0 -f udp --name orphan --no-files -o orphan.pcap -b packets:50
send_numbered 2000 4000 4000 &
sender=$!
wait_until 5 "some packets" shows_number orphan .ledger.recorded 500
kill -KILL "${PIDS[orphan]}"
wait_until 5 "the job's end" job_over orphan
wait "$sender"
expect_whole orphan pcap
expect_at_least "packets of the orphan" 500 "$(job_number orphan .ledger.recorded)"
expect_equal "packets in the files" "$(job_number orphan .ledger.recorded)" "$(packets_in_all orphan pcap)"

# Clients that are stopped open no file, and packets wait for it; when they are killed, the packets go to the file that
# there is, which stays whole.
start_capture waits start -i eth0 -f udp --name waits --no-files -o waits.pcap -b packets:50
start_capture waits2 start -i eth0 -f udp --name waits2 --no-files -o waits2.pcapng.zst -b packets:50
kill -STOP "${PIDS[waits]}" "${PIDS[waits2]}"
send_numbered 2000 500 2000
wait_until 5 "the datagrams" shows_number waits .ledger.recorded 500
wait_until 5 "the datagrams" shows_number waits2 .ledger.recorded 500
kill -KILL "${PIDS[waits]}" "${PIDS[waits2]}"
wait_until 5 "the job's end" job_over waits
wait_until 5 "the job's end" job_over waits2
expect_each_once waits pcap 2000 500
expect_each_once waits2 pcapng.zst 2000 500
expect_whole waits pcap
expect_whole waits2 pcapng.zst
zstd -tq "$WORK"/waits2_*.zst

# A file that is read.
write_capture "$TEMP/read.pcap" 100
chmod 755 "$TEMP"
chmod 644 "$TEMP/read.pcap"
ctl -r "$TEMP/read.pcap" --no-files -o read.pcapng -b packets:30 -b files:3
expect_status 0
expect_line "$OUT/ctl.out" 'Packets saved to 3 files, read_00002_.* to read_00004_.* \(1 older one was removed\)$'
expect_equal "packets of the newest files" "30 30 10" "$(for file in $(files read pcapng); do packets_in "$file"; done | tr '\n' ' ' | sed 's/ $//')"
expect_whole read pcapng

# What cannot be written.
mkdir "$WORK/locked"
chmod 777 "$WORK/locked"
start_capture locked start -i eth0 -f icmp --name locked --no-files -o locked/x.pcap -b packets:4
ping_a 1
wait_until 5 "two packets" shows_number locked .ledger.recorded 2
chmod 755 "$WORK/locked"
ping_a 5
wait_until 5 "the word of it" has_lines 1 "$OUT/locked.err" "packets are no longer saved to locked/x_00001_.*: cannot write 'locked/x_00002_.*': Permission denied"
interrupt locked
expect_status 3
expect_equal "packets of the only file" 4 "$(packets_in_all locked/x pcap)"
start_capture full start -i eth0 -f udp --name full --no-files -o small/full.pcap -b filesize:20kB
send_numbered 2000 8000 20000
wait_until 5 "the word of it" grep -qi 'no space' "$OUT/full.err"
interrupt full
expect_status 3
for file in $(files small/full pcap); do
    [[ ! -s $WORK/$file ]] || tcpdump -nr "$WORK/$file" >/dev/null 2>"$OUT/tcpdump.err" || fail "$file: $(cat "$OUT/tcpdump.err")"
done
expect_at_least "packets in the files" 2000 "$(job_number full .ledger.saved)"
expect_equal "packets in the files" "$(job_number full .ledger.saved)" "$(packets_in_all small/full pcap)"

# What is refused.
expect_advice() { # EXTENDED_REGEX ARGUMENTS…
    local advice=$1
    shift
    ctl "$@"
    expect_status 1
    expect_one_error "$OUT/ctl.err" "^packetsentryctl: .*$advice"
}
expect_advice '\-\-keep' start -d -i eth0 -o x.pcap -b packets:5
expect_advice 'search -o FILE.pcapng' start -i eth0 -o x.pcap -b packets:5 --keep
expect_advice 'name a file with -o' -i eth0 -o - -b packets:5
expect_advice 'add -o FILE.pcapng' -i eth0 -b packets:5
expect_advice 'add -b filesize:100MiB' -i eth0 -o x.pcap -b files:5
expect_advice 'no option -C and -W: write -b filesize:5MB -b files:3 ' -i eth0 -o x.pcap -C 5 -W 3
expect_advice 'no option -G: write -b duration:60s ' -i eth0 -G60 -o x.pcap
[[ -z $(files x pcap) && ! -e $WORK/x.pcap ]] || fail "a refused command line made its output"
