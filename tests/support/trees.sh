#!/usr/bin/env bash
# Makes the Debian trees that tests on a real systemd boot: trees.sh DIRECTORY PACKAGE.deb
#
#   DIRECTORY/bare       a bootstrapped Debian with systemd and nothing else; made once
#   DIRECTORY/package    the same with PACKAGE installed by apt, from it alone
#   DIRECTORY/lab        the same with what the tests talk to
#
# The latter two are made again when the package is another one. Needs root, debootstrap and the package
# mirror. RELEASE: which Debian (bookworm).
set -euo pipefail

release=${RELEASE:-bookworm}
tools=(adduser bind9-dnsutils dnsmasq-base iproute2 jq procps tcpdump uidmap)

die() { echo "trees.sh: $*" >&2; exit 1; }

# Into the log, whose end is shown where it fails.
quietly() { # WHAT COMMAND…
    "${@:2}" >>"$trees/log" 2>&1 </dev/null || { tail -n 15 "$trees/log" >&2; die "cannot $1"; }
}

# In the tree, with what apt and its scripts expect; services are not started.
in_tree() { # TREE COMMAND…
    unshare --mount --pid --fork --kill-child sh -c '
        mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && mount --rbind /sys "$1/sys"
        printf "#!/bin/sh\nexit 101\n" >"$1/usr/sbin/policy-rc.d" && chmod 755 "$1/usr/sbin/policy-rc.d"
        cp --remove-destination /etc/resolv.conf "$1/etc/resolv.conf"
        tree=$1 && shift
        exec chroot "$tree" env -i DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 HOME=/root \
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"' sh "$@"
}

install_in() { # TREE PACKAGES…
    in_tree "$1" sh -c 'apt-get update -q && apt-get install -q -y --no-install-recommends "$@"' sh "${@:2}"
}

copy() { # FROM TO
    rm -rf "${trees:?}/$2.new"
    cp -a "$trees/$1" "$trees/$2.new"
}

put() { # NAME
    rm -rf "${trees:?}/$1"
    mv "$trees/$1.new" "$trees/$1"
}

make_bare() {
    rm -rf "$trees/bare.new"
    quietly "bootstrap $release" debootstrap --variant=minbase --include=systemd-sysv "$release" "$trees/bare.new"
    put bare
}

make_package() {
    copy bare package
    cp "$package" "$trees/package.new/packetsentry.deb"
    quietly "install the package" install_in "$trees/package.new" /packetsentry.deb
    put package
}

make_lab() {
    copy package lab
    quietly "install what the tests talk to" install_in "$trees/lab.new" "${tools[@]}"
    put lab
}

main() {
    (($# == 2)) || { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 1; }
    command -v debootstrap >/dev/null || die "needs debootstrap: apt-get install debootstrap"
    mkdir -p "$1"
    trees=$(realpath "$1")
    package=$(realpath "$2")
    : >"$trees/log"
    [[ -d $trees/bare ]] || make_bare
    local sum
    sum=$(sha256sum <"$package")
    [[ -d $trees/lab && $sum == "$(cat "$trees/sum" 2>/dev/null)" ]] && return
    make_package
    make_lab
    echo "$sum" >"$trees/sum"
}

main "$@"
