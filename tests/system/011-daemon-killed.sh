#!/usr/bin/env bash
# SIGKILL of the daemon: its workers end by themselves, the client says so in one line with status 6, and
# what was saved can be read: whole packets, also under load, and also of a compressed file.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
start_capture capture start -i eth0 -f icmp -o saved.pcap
ping_a 20
wait_until 5 "the pings" has_lines 40 "$OUT/capture.out" 'ICMP'
worker=$(worker_pid)
kill -KILL "$DAEMON_PID"
DAEMON_PID=
wait_for capture
expect_status 6
wait_until 5 "the worker's end" process_gone "$worker"
expect_equal "packets in saved.pcap" 40 "$(tcpdump -nr "$WORK/saved.pcap" 2>/dev/null | wc -l)"
expect_count 40 "$(results_file)" '^Summary: ICMP'

write_capture "$TEMP/flood.pcap" 60000
for name in busy.pcap busy.pcap.gz; do
    start_daemon
    start_capture "$name" start -i eth0 -f udp --no-files -o "$name"
    worker=$(worker_pid)
    in_b tcpreplay -q --preload-pcap --topspeed --loop=20 -i eth0 "$TEMP/flood.pcap" >"$OUT/tcpreplay.out" 2>&1 &
    PIDS[replay]=$!
    wait_until 10 "many packets" has_lines 5000 "$OUT/$name.out" 'UDP|DNS'
    kill -KILL "$DAEMON_PID"
    DAEMON_PID=
    wait_until 10 "the worker's end" process_gone "$worker"
    wait_for "$name"
    expect_status 6
    wait_for_pid "${PIDS[replay]}" 30
    # tcpdump reads compressed files in no version.
    if [[ $name == *.gz ]]; then gzip -dc "$WORK/$name"; else cat "$WORK/$name"; fi >"$TEMP/plain.pcap"
    expect_at_least "packets in $name" 1000 "$(tcpdump -r "$TEMP/plain.pcap" --count 2>"$OUT/complaint" | cut -d ' ' -f 1)"
    expect_no_line "$OUT/complaint" 'truncated|bogus'
done

# A worker that finds out while it sends, as busy ones do: what its slow reader has not accepted yet is saved too.
mkfifo "$WORK/told.pcap" && chown 65534 "$WORK/told.pcap"
(
    exec <"$WORK/told.pcap"
    until [[ -e $TEMP/reads ]]; do sleep 0.05; done
    exec cat >"$TEMP/told.pcap"
) &
PIDS[reader]=$!
start_daemon
start_capture told start -i eth0 -f udp --no-files -o told.pcap
worker=$(worker_pid)
kill -STOP "$DAEMON_PID"
send_numbered 1 30000 15000
kill -KILL "$DAEMON_PID"
DAEMON_PID=
sleep 0.5
touch "$TEMP/reads"
wait_until 10 "the worker's end" process_gone "$worker"
wait_for_pid "${PIDS[reader]}" 10
expect_equal "packets in told.pcap" 30000 "$(tcpdump -r "$TEMP/told.pcap" --count 2>/dev/null | cut -d ' ' -f 1)"
