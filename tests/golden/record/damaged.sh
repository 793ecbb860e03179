# Packets that end too early or say wrong lengths, with a snapshot length of 128 bytes. They pass over the cable on
# which nobody has their addresses, so that nobody answers.
# shellcheck shell=bash

begin_tcpdump damaged eth1 'ether host 02:00:00:00:00:01' -s 128
send_frames eth1 damaged.py
end_tcpdump damaged
