#!/usr/bin/env bash
# Boots a real systemd in a throw-away container over a Debian tree, runs a script inside, and leaves
# nothing behind:
#   boot.sh --tree DIR [--bind SOURCE:TARGET]… [--time SECONDS] [--journal FILE] SCRIPT [ARGUMENT…]
#
# The tree is only read: what the container writes lies in memory. It has its own network (lo alone). Its
# standard output and error are SCRIPT's, and so is the exit status; a SCRIPT that ends with 133 is run
# again after a reboot, with BOOT=2 in its environment, then 3. 124: it took longer than SECONDS (120);
# 125: it could not be booted; 126: this machine cannot boot any. --bind is read-only; /run/lab inside is the directory of SCRIPT.
# Needs root, systemd-nspawn, overlayfs and a cgroup2 mount, no systemd on the host.
set -euo pipefail

tree='' binds=() seconds=120 journal=''
lab=/run/packetsentry-lab
leader='' container=''

die() { echo "boot.sh: $*" >&2; exit 125; }
cannot() { echo "boot.sh: $*" >&2; exit 126; }

parse() {
    while (($#)); do
        case $1 in
            --tree) tree=$(realpath "$2") && shift 2 ;;
            --bind) binds+=("--bind-ro=$2") && shift 2 ;;
            --time) seconds=$2 && shift 2 ;;
            --journal) journal=$(realpath "$2") && shift 2 ;;
            *) break ;;
        esac
    done
    (($#)) && [[ -d $tree ]] || { sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 125; }
    script=$(realpath "$1")
    arguments=("${@:2}")
}

# ---- Outside: a cgroup in each hierarchy that systemd wants one in, and namespaces that die with us.

cgroups=()
make_cgroup() { # MOUNT HIERARCHY
    local own
    own=$(awk -F: -v wanted="$2" '$2 == wanted { print $3 }' /proc/self/cgroup)
    mkdir "$1${own%/}/packetsentry-lab.$$"
    cgroups+=("$1${own%/}/packetsentry-lab.$$")
}

remove_cgroups() {
    local group tries
    for group in "${cgroups[@]}"; do
        for ((tries = 0; tries < 100; ++tries)); do
            find "$group" -depth -type d -exec rmdir {} + 2>/dev/null
            [[ -d $group ]] || break
            sleep 0.05
        done
    done
}

leave_outside() {
    local status=$?
    trap - EXIT
    set +e
    if [[ -n ${inner:-} ]]; then kill -KILL "$inner" 2>/dev/null && wait "$inner" 2>/dev/null; fi
    remove_cgroups
    exit "$status"
}

outside() {
    local unified
    ((EUID == 0)) || cannot "needs root"
    command -v systemd-nspawn >/dev/null || cannot "needs systemd-nspawn: apt-get install systemd-container"
    grep -qw overlay /proc/filesystems || cannot "this kernel has no overlayfs"
    unified=$(findmnt -n -o TARGET -t cgroup2 | head -n 1)
    [[ -n $unified ]] || cannot "there is no cgroup2 mount"
    trap leave_outside EXIT
    trap 'exit 143' INT TERM
    make_cgroup "$unified" ''
    [[ ! -d /sys/fs/cgroup/systemd ]] || make_cgroup /sys/fs/cgroup/systemd name=systemd
    LAB_CGROUPS="${cgroups[*]}" setpriv --pdeathsig KILL -- \
        unshare --mount --pid --fork --kill-child=KILL --mount-proc --propagation private \
        bash "$0" "$@" &
    inner=$!
    local status=0
    wait "$inner" || status=$?
    inner=
    exit "$status"
}

# ---- Inside those namespaces: the container.

prepare_root() {
    local group unit
    for group in $LAB_CGROUPS; do echo $$ >"$group/cgroup.procs"; done
    unset LAB_CGROUPS
    mount -n -t tmpfs -o mode=755 tmpfs /run  # the host's own is not ours to write
    mkdir -p "$lab/layer"
    mount -t tmpfs -o mode=755 tmpfs "$lab/layer"
    mkdir "$lab/root" "$lab/layer/upper" "$lab/layer/scratch"
    mount -t overlay overlay \
        -o "lowerdir=$tree,upperdir=$lab/layer/upper,workdir=$lab/layer/scratch" "$lab/root"
    root=$lab/root
    : >"$root/etc/machine-id"
    rm -f "$root/usr/sbin/policy-rc.d"  # an image's refusal to start services
    mkdir -p "$root/etc/systemd/system"
    for unit in console-getty.service getty.target systemd-timesyncd.service apt-daily.timer apt-daily-upgrade.timer; do
        ln -sf /dev/null "$root/etc/systemd/system/$unit"
    done
}

start_container() {
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn --quiet -D "$root" --machine=lab --register=no \
        --keep-unit --link-journal=no --resolv-conf=off --timezone=off --console=pipe "${binds[@]}" \
        --bind-ro="$(dirname "$script"):/run/lab" --private-network --boot --kill-signal=SIGRTMIN+3 \
        --system-call-filter="bpf @keyring" systemd.unit=multi-user.target </dev/null >>"$lab/console" 2>&1 &
    container=$!
    wait_for_boot
}

# The process that is the first in the pid namespace below ours.
find_leader() {
    leader=$(awk '/^Pid:/ { pid = $2 } /^NSpid:/ && NF == 3 && $3 == 1 { print pid; exit }' /proc/[0-9]*/status 2>/dev/null || true)
}

inside() { nsenter -t "$leader" -m -u -i -n -p -C -- "$@"; }

wait_for_boot() {
    local deadline=$((SECONDS + 60)) state=
    leader=
    until [[ $state == running || $state == degraded ]]; do
        kill -0 "$container" 2>/dev/null || { cat "$lab/console" >&2; die "the container ended while booting"; }
        ((SECONDS < deadline)) || { tail -n 20 "$lab/console" >&2; die "no boot within 60 s ($state)"; }
        sleep 0.05
        if [[ -z $leader ]]; then find_leader; else state=$(timeout 20 nsenter -t "$leader" -m -u -i -n -p -C -- systemctl is-system-running 2>/dev/null || true); fi
    done
}

stop_container() {
    local status=$? tries
    trap - EXIT
    set +e
    if [[ -n $container ]] && kill -0 "$container" 2>/dev/null; then
        [[ -z $journal ]] || inside journalctl --no-pager -b -o short-precise >"$journal" 2>&1
        timeout 10 nsenter -t "$leader" -m -u -i -n -p -C -- systemctl poweroff --no-wall >/dev/null 2>&1
        for ((tries = 0; tries < 200; ++tries)); do
            kill -0 "$container" 2>/dev/null || break
            sleep 0.05
        done
        kill -KILL "$container" 2>/dev/null
        wait "$container" 2>/dev/null
    fi
    exit "$status"
}

# 133 is also how nspawn says that the container wants to be booted again.
reboot_container() {
    inside systemctl reboot --no-wall 2>/dev/null || true
    wait "$container" || [[ $? == 133 ]] || die "the container did not reboot"
}

# Not by systemd-run: that wants a message bus, which a bare Debian does not have.
run_script() { # BOOT
    timeout --foreground -k 5 "$seconds" nsenter -t "$leader" -m -u -i -n -p -C -- \
        env -i "BOOT=$1" HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}" \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        bash "/run/lab/$(basename "$script")" "${arguments[@]}" </dev/null
}

contained() {
    local boot status
    prepare_root
    trap stop_container EXIT
    trap 'exit 143' INT TERM
    for ((boot = 1; ; ++boot)); do
        start_container
        status=0
        run_script "$boot" || status=$?
        ((status == 133)) || exit "$status"
        reboot_container
    done
}

parse "$@"
if [[ -z ${LAB_CGROUPS:-} ]]; then outside "$@"; else contained; fi
