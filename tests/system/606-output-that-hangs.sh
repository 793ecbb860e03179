#!/usr/bin/env bash
# Expected: nobody reads the pipe that packets are saved to: the capture goes on and its rows are complete,
# control answers, what the pipe does not take is counted, and what was taken can be read.
# Runs alone: it counts what is lost under load.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
mkfifo -m 666 "$WORK/pipe.pcap"
chown "${USER_ID[member]}" "$WORK/pipe.pcap"
exec 7<>"$WORK/pipe.pcap"
ctl start -d -i eth0 -f udp --name hangs -o pipe.pcap
expect_status 0
write_capture "$TEMP/flood.pcap" 60000
in_b tcpreplay -q --preload-pcap --topspeed --loop=10 -i eth0 "$TEMP/flood.pcap" >"$OUT/tcpreplay.out" 2>&1
sent=400000
wait_until 20 "all rows" shows_number hangs .ledger.recorded "$sent"
expect_equal "dropped and shed" 0 "$(job_number hangs '.ledger | .dropped_by_kernel + .shed')"
CTL_AS=other ctl status
expect_status 0
ctl stop hangs
expect_status 0
saved=$(job_number hangs .ledger.saved)
expect_equal "saved and not saved" "$sent" "$(job_number hangs '.ledger | .saved + .not_saved')"
expect_equal "packets of the gaps" "$((sent - saved))" \
    "$(job_number hangs '[.gaps[] | select(.cause == "not_saved") | .packets] | add')"
dd bs=64K iflag=nonblock status=none <&7 >"$TEMP/taken.pcap" 2>/dev/null || true
read_back=$({ capinfos -McT "$TEMP/taken.pcap" 2>/dev/null || true; } | tail -n 1 | cut -f 2)
expect_equal "packets that can be read" "$saved" "$read_back"
