#!/usr/bin/env bash
# Installs the Debian 12 packages that are missing: packaging/dependencies.sh GROUP…
#
#   build  compiler and libraries      demo   what quickstart.sh talks to
#   test   system tests                fuzz   clang with its sanitizers      bench  what we compare with
#
# Silent where nothing is missing. Needs root, or sudo. --list prints the packages instead.
set -euo pipefail

packages_of() { # GROUP
    case $1 in
        build)
            echo g++ cmake ninja-build pkg-config libpcap-dev libboost1.81-dev libprotobuf-dev protobuf-compiler \
                libspdlog-dev libfmt-dev libsystemd-dev libcap-ng-dev libcli11-dev rapidjson-dev libtomlplusplus-dev \
                libzstd-dev zlib1g-dev libgtest-dev libgmock-dev
            ;;
        demo) echo dnsmasq-base bind9-dnsutils curl python3 iproute2 util-linux procps ;;
        test)
            packages_of demo | tr '\n' ' '
            echo tcpdump wireshark-common tcpreplay iputils-ping zstd jq binutils bsdutils procps
            ;;
        fuzz) echo clang-19 libclang-rt-19-dev ;;
        bench) echo tcpdump tshark python3-scapy tcpreplay iproute2 ;;
        *) echo "dependencies.sh: no group '$1'; there are build, demo, test, fuzz, bench" >&2 && return 1 ;;
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
    ((${#groups[@]})) || { sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 1; }
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
