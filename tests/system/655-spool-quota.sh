#!/usr/bin/env bash
# Expected: the quota of the spool's file system is used up. Rows are shown and not kept, which is told, counted and dated;
# what was kept before is found; the service goes on. When the quota is raised, rows are kept again, and nobody has to do
# anything.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

jobs="$TEMP/jobs"
mkdir -m 0755 "$jobs"
printf 'interface = ["eth0"]\nfilter = { protocol = ["udp"] }\nreaders = { groups = ["%s"] }\n[keep.packets]\nage = "1d"\n' \
    "$SOCKET_GROUP" >"$jobs/lab.toml"
make_disk 200m 120M mkfs.btrfs -q --mixed
chmod 755 "$WORK/disk"
btrfs quota enable "$WORK/disk"
btrfs subvolume create "$WORK/disk/night" >"$OUT/btrfs.out"
btrfs qgroup limit 3M "$WORK/disk/night"
printf '[spool]\ndirectory = "%s/night/spool"\nfree_disk = "1MiB"\n' "$WORK/disk" >"$TEMP/packetsentryd.toml"
chown root "$WORK"
start_daemon --config "$TEMP/packetsentryd.toml" --jobs-dir "$jobs"
wait_until 5 "the job" job_runs lab
not_kept() { (($(job_number lab .ledger.not_kept) > 0)); }
has() { [[ $(job_number lab .ledger.recorded) == "$1" ]]; }
numbers() {
    ctl search -T fields -e event.sequence "$@"
    expect_status 0
}

send_numbered 2000 100
all_found() { numbers && [[ $(md5sum <"$OUT/ctl.out") == "$(seq "$1" | md5sum)" ]]; } # COUNT
wait_until 5 "rows before" all_found 100
send_numbered 4000 40000 20000
wait_until 10 "all packets" has 40100
wait_until 15 "the loss" not_kept
wait_for_log 1 "$TEMP/daemon.log" 'job lab: rows are not kept in the spool until it accepts more: .*[Qq]uota'
expect_line "$TEMP/daemon.log" 'job lab: rows are not kept in the spool until it accepts more: .*[Qq]uota'
ctl status
expect_status 0
balances() {
    numbers
    (($(wc -l <"$OUT/ctl.out") + $(job_number lab .ledger.not_kept) == 40100))
}
wait_until 15 "each row to be found or counted" balances
expect_equal "the first rows" "$(seq 100 | md5sum)" "$(head -n 100 "$OUT/ctl.out" | md5sum)"

btrfs qgroup limit none "$WORK/disk/night"
keeps_again() {
    send_numbered 50000 1
    numbers --last 1
    [[ $(cat "$OUT/ctl.out") == $(job_number lab .ledger.recorded) ]]
}
wait_until 15 "rows that are kept again" keeps_again
