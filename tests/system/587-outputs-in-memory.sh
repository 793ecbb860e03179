#!/usr/bin/env bash
# What is saved into memory is charged to the worker, and not to the user: a file that only the user has (memfd, a tmpfs
# or ramfs of a namespace of the user's own) is refused, and into a tmpfs of the machine's a user's captures save no more
# than the configuration gives.
# Runs alone: it takes all that a user may have of the machine.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

mkdir "$WORK/tmpfs"
clean_up() { umount "$WORK/tmpfs" 2>/dev/null; }
mount -t tmpfs -o size=64m,mode=1777 none "$WORK/tmpfs"
printf '[memory]\noutputs_per_user = "2MiB"\n' >"$TEMP/daemon.toml"
start_daemon --config "$TEMP/daemon.toml"

in_a env PYTHONDONTWRITEBYTECODE=1 "PACKETSENTRY_SOCKET=$SOCKET" PYTHONPATH="$SUPPORT" python3 - \
    "${USER_ID[member]}" "$SOCKET_GID" "$TEMP" >"$OUT/outputs" <<'PYTHON'
import ctypes
import os
import subprocess
import sys
from control_client import START, Client, connect_as, error_of, start

uid, gid, directory = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]


def in_namespace(kind):
    """A file on a file system that is mounted in a mount namespace of its own."""
    here, there = os.pipe()
    place = os.path.join(directory, "mounted-" + kind)
    os.mkdir(place)
    layers = {name: os.path.join(place, name) for name in ("lower", "upper", "work", "merged")}
    mount = f"mount -t {'tmpfs' if kind == 'overlay' else kind} none {place}"
    if kind == "overlay":
        mount += " && mkdir " + " ".join(layers.values()) + (" && mount -t overlay -o lowerdir={lower},upperdir={upper},"
                                                              "workdir={work} none {merged}").format(**layers)
    path = os.path.join(layers["merged"] if kind == "overlay" else place, "file")
    holder = subprocess.Popen(["unshare", "--mount", "sh", "-c", f"{mount} && : >{path} && echo ready && cat"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"ready\n"
    fd = os.open(f"/proc/{holder.pid}/root{path}", os.O_WRONLY)
    holder.stdin.close()
    holder.wait()
    return fd


client = Client(connection=connect_as(uid, [gid]))
outputs = {"memfd": os.memfd_create("memory")}
for kind in ("tmpfs", "ramfs", "overlay"):
    outputs[kind + " of a namespace"] = in_namespace(kind)
for name, output in outputs.items():
    print(name + ":", error_of(client.ask(START, start("", save=True), descriptors=[output])))
PYTHON
cat "$OUT/outputs"
for what in memfd "tmpfs of a namespace" "ramfs of a namespace" "overlay of a namespace"; do
    expect_line "$OUT/outputs" "^$what: \(1, 3, 'the output is in memory, or on a file system that is not mounted here; save to a file on a disk'\)$"
done

# The capture ends when the file has what the user may have.
ctl start -d -i eth0 --bpf 'udp port 9' -o "$WORK/tmpfs/some.pcap" --name some
expect_status 0
expect_one_error "$OUT/ctl.err" 'the output is in memory \(tmpfs\): the capture ends when the file has 2 MiB'
ctl start -d -i eth0 -o "$WORK/tmpfs/more.pcap"
expect_status 3
expect_one_error "$OUT/ctl.err" 'your captures already use all the memory that they may use there \(memory.outputs_per_user\)'
CTL_AS=other ctl start -d -i eth0 -o "$WORK/tmpfs/another.pcap" -a filesize:1MiB --name another
expect_status 0
ctl start -d -i eth0 -o "$WORK/disk.pcap"
expect_status 0
in_b python3 "$SUPPORT/send_for.py" 0 10.77.0.1 2 1000 >/dev/null
wait_until 10 "the end of the capture" job_over some
size=$(stat -c %s "$WORK/tmpfs/some.pcap")
((size <= 3 << 20)) || fail "$size bytes were saved into memory, of 2 MiB"
ctl start -d -i eth0 -o "$WORK/tmpfs/more.pcap"
expect_status 0
