#!/usr/bin/env bash
# A terminal shows Ctrl-C as ^C; the lines that follow do not stand behind it.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

start_daemon
as_user member
(cd "$WORK" && exec python3 "$SUPPORT/press_ctrl_c.py" 'Starting capture on ' "${AS[@]}" \
    packetsentryctl --no-color --no-files start -i eth0 -f icmp) >"$OUT/tty.out" 2>"$OUT/tty.err" </dev/null
tr -d '\r' <"$OUT/tty.out" >"$OUT/lines.out"
cat "$OUT/lines.out"
expect_line "$OUT/lines.out" '\^C$'
expect_no_line "$OUT/lines.out" '\^C.'
expect_line "$OUT/lines.out" "^$WHEN - PacketSentry stopped by user\$"
