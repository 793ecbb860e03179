#!/usr/bin/env bash
# The README's two commands on a bare Debian, from nothing: tests/fresh.sh [RELEASE] [COMMAND…]
#
# Bootstraps RELEASE (bookworm) in a directory, clones the last commit into it, and runs there, as root:
# packaging/quickstart.sh, then tests/run.sh --quick; or COMMAND alone, in the clone's directory. Needs
# root, debootstrap, overlayfs and 6 GB under TMPDIR; takes about half an hour. What it makes, it removes.
# TREE: a bare tree made before, to be used (and left) as it is.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
release=${1:-bookworm}
(($#)) && shift
stage=

die() { echo "tests/fresh.sh: $*" >&2; exit 1; }

clean_up() {
    local status=$?
    trap - EXIT
    set +e
    [[ -z $stage ]] || rm -rf "$stage"
    exit "$status"
}

bootstrap() {
    tree=${TREE:-$stage/tree}
    [[ -n ${TREE:-} ]] || debootstrap --variant=minbase "$release" "$tree" >"$stage/debootstrap.log" 2>&1 ||
        { tail -n 5 "$stage/debootstrap.log" >&2; die "no tree of $release"; }
}

# In a mount namespace of its own, which takes all mounts with it when it ends.
# shellcheck disable=SC2016
inside() { # COMMAND…
    unshare --mount --pid --fork --kill-child bash -c '
        set -e
        tree=$1 layer=$2 clone=$3
        shift 3
        mkdir -p "$layer"/{upper,scratch,root}
        new=$layer/root
        mount -t overlay overlay -o "lowerdir=$tree,upperdir=$layer/upper,workdir=$layer/scratch" "$new"
        mount -t proc proc "$new/proc"
        mount --rbind /sys "$new/sys"
        mount --rbind /dev "$new/dev"
        mount -t tmpfs -o mode=1777 tmpfs "$new/dev/shm"
        mount -t tmpfs -o mode=755 tmpfs "$new/run"
        mkdir -p "$new/opt/packetsentry"
        cp -a "$clone/." "$new/opt/packetsentry"
        cp --remove-destination /etc/resolv.conf "$new/etc/resolv.conf"
        mkdir -p "$new/.old"
        pivot_root "$new" "$new/.old"  # a chroot would show in the paths of open files
        cd /
        umount -l /.old
        exec env -i HOME=/root TERM="${TERM:-dumb}" LANG=C.UTF-8 \
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            sh -c "cd /opt/packetsentry && exec \"\$@\"" sh "$@"
    ' bash "$tree" "$stage/layer" "$stage/clone" "$@"
}

main() {
    ((EUID == 0)) || die "needs root: sudo $0"
    command -v debootstrap >/dev/null || [[ -n ${TREE:-} ]] || die "needs debootstrap: apt-get install debootstrap"
    stage=$(mktemp -d "${TMPDIR:-/var/tmp}/packetsentry-fresh.XXXXXX")
    trap clean_up EXIT
    trap 'exit 130' INT TERM
    bootstrap
    git clone -q "$root" "$stage/clone"
    if (($#)); then
        inside "$@"
    else
        inside sh -c 'packaging/quickstart.sh && tests/run.sh --quick'
    fi
}

main "$@"
