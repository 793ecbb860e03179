#!/usr/bin/env bash
# Installs the packages that are missing, of Debian 12 or later or a Ubuntu of its age: packaging/dependencies.sh GROUP…
#
#   build  compiler and libraries      demo   what quickstart.sh talks to
#   test   system tests                fuzz   clang: sanitizers, tidy          bench  what we compare with
#   package  what package.sh makes and checks packages with
#   boot  what boots the Debian that tests install the package in
#
# Silent where nothing is missing. Needs root, or sudo. --list prints the packages instead.
set -euo pipefail

# 1.81 or later: of Debian 12 not the default one.
boost_package() {
    # shellcheck disable=SC1091
    case $(. /etc/os-release && echo "${VERSION_CODENAME:-}") in
        bookworm) echo libboost1.81-dev ;;
        *) echo libboost-dev ;;
    esac
}

packages_of() { # GROUP
    case $1 in
        build)
            echo g++ cmake ninja-build pkg-config libpcap-dev "$(boost_package)" libprotobuf-dev protobuf-compiler \
                libspdlog-dev libfmt-dev libsystemd-dev libcap-ng-dev libseccomp-dev libsodium-dev nettle-dev libxxhash-dev libcli11-dev \
                rapidjson-dev libtomlplusplus-dev libre2-dev libzstd-dev liblz4-dev liblzma-dev zlib1g-dev libgtest-dev libgmock-dev
            ;;
        demo) echo dnsmasq-base bind9-dnsutils curl python3 iproute2 util-linux procps ;;
        test)
            packages_of demo | tr '\n' ' '
            echo netbase tcpdump tshark wireshark-common tcpreplay iputils-ping zstd lz4 xz-utils bzip2 jq binutils bsdutils procps valgrind e2fsprogs btrfs-progs python3 openssl ngtcp2-client ngtcp2-server clang-format
            ;;
        fuzz) echo clang-19 clang-tidy-19 libclang-rt-19-dev ;;
        boot) echo debootstrap systemd-container util-linux ;;
        package) echo dpkg-dev rpm lintian file binutils gzip ;;
        bench) echo tcpdump tshark python3-scapy tcpreplay iproute2 ;;
        *) echo "dependencies.sh: no group '$1'; there are build, demo, test, fuzz, package, boot, bench" >&2 && return 1 ;;
    esac
}

missing_of() { # PACKAGES…
    local installed
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' || true)
    comm -23 <(printf '%s\n' "$@" | sort -u) <(sort -u <<<"$installed")
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "dependencies.sh: installing needs root or sudo; as root: apt-get install ${missing[*]}" >&2
        return 1
    fi
}

# env inside sudo: sudo drops the variables of the caller. A frontend that asks nothing answers tshark's
# question about capturing with its default, no.
install_packages() { # PACKAGES…
    local log
    log=$(mktemp)
    echo "Installing $# packages: $*" >&2
    as_root env DEBIAN_FRONTEND=noninteractive sh -c \
        'apt-get update -q && apt-get install -q -y --no-install-recommends "$@"' sh "$@" </dev/null >"$log" 2>&1 || {
        tail -n 20 "$log" >&2
        echo "dependencies.sh: apt-get failed; its whole output is in $log" >&2
        return 1
    }
    rm -f "$log"
}

main() {
    local list=() groups=() group
    for group in "$@"; do [[ $group == --list ]] || groups+=("$group"); done
    ((${#groups[@]})) || { sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 1; }
    command -v dpkg-query >/dev/null || { echo "dependencies.sh: no dpkg here; install by hand: $(packages_of build)" >&2; exit 1; }
    for group in "${groups[@]}"; do
        local words
        words=$(packages_of "$group")
        # shellcheck disable=SC2206
        list+=($words)
    done
    if [[ " $* " == *" --list "* ]]; then printf '%s\n' "${list[@]}" | sort -u; exit; fi
    mapfile -t missing < <(missing_of "${list[@]}")
    ((${#missing[@]} == 0)) || install_packages "${missing[@]}"
}

main "$@"
