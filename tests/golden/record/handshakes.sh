# The first packets of QUIC, SSH and WireGuard.
# shellcheck shell=bash

in_a python3 "$GOLDEN/record/handshake_server.py" >"$TEMP/handshakes.log" 2>&1 </dev/null &
wait_until 20 "the servers" has_lines 1 "$TEMP/handshakes.log" ready

begin_tcpdump handshakes eth0 'tcp port 22 or udp port 443 or udp port 51820'
in_b python3 "$GOLDEN/record/quic_client.py" 192.0.2.1
in_b ssh -F none -o BatchMode=yes -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o ConnectTimeout=5 \
    someone@192.0.2.1 2>"$OUT/ssh.err" </dev/null || true
in_b python3 "$GOLDEN/record/wireguard_client.py" 192.0.2.1
end_tcpdump handshakes
pack handshakes.pcap gzip -9 -n
