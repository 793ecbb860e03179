#!/usr/bin/env bash
# A root directory that holds the programs and their libraries and nothing else: no /proc, /dev, /sys, /tmp and /etc,
# and so neither /dev/null nor a user database. Then each of them missing alone, and a working directory that is gone.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"
. "$SUPPORT/surroundings.sh"

prepare_reading

# Bound where the member finds them, as /root may be closed to him.
root=$TEMP/root
mkdir "$root" "$root/usr" "$root/programs" "$root/captures" "$root/run"
for link in lib lib64 bin; do [[ ! -L /$link ]] || ln -s "usr/$link" "$root/$link"; done
make_root="mount --rbind --make-private -o ro /usr $root/usr && mount --bind $BIN $root/programs &&
    mount --bind $WORK $root/captures"
in_root() { # CHROOT_OPTIONS… ARGUMENTS…
    STATUS=0
    timeout 30 unshare --mount --propagation private sh -c "$make_root"' && exec "$@"' sh \
        ip netns exec "$NS_A" env -i PATH="$PATH" chroot "$@" >"$OUT/ctl.out" 2>"$OUT/ctl.err" </dev/null || STATUS=$?
}
for user in "${USER_ID[member]}" 0; do
    in_root --userspec="$user:$user" "$root" /programs/packetsentryctl --json -r /captures/some.pcap
    expect_equal "exit status in an empty root ($(head -n 1 "$OUT/ctl.err"))" 0 "$STATUS"
    cmp -s "$OUT/usual.out" "$OUT/ctl.out" || fail "other rows in an empty root"
    in_root --userspec="$user:$user" "$root" /programs/packetsentryctl --output-dir /captures -r /captures/some.pcap -c 5
    expect_equal "exit status with files ($(head -n 1 "$OUT/ctl.err"))" 0 "$STATUS"
    rm -f "$WORK"/packetsentry*
done

in_mounts 'umount --lazy /proc'
expect_reads "no /proc"
in_mounts 'mount -t tmpfs none /dev'
expect_reads "an empty /dev"
in_mounts 'mount -t tmpfs -o ro none /dev/shm'
expect_reads "a /dev/shm that cannot be written"
as_usual
# What "ip netns exec" mounts over /etc.
for name in passwd group nsswitch.conf; do : >"/etc/netns/$NS_A/$name"; done
expect_reads "an empty user database"
ctl doctor
expect_equal "words on standard error" "" "$(<"$OUT/ctl.err")"

in_gone='mkdir gone && cd gone && rmdir ../gone'
inside "$in_gone"
expect_reads "a working directory that is gone"
ctl_there -r "$WORK/some.pcap"
expect_status 0
expect_count 1 "$OUT/ctl.err" 'cannot write packetsentry\.log: No such file or directory; continuing without log and results'
expect_count 300 "$OUT/ctl.out" ' - (TCP|UDP|DNS) '
ctl_there --output-dir "$WORK" -r "$WORK/some.pcap" -c 5
expect_status 0
