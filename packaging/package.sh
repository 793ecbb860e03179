#!/usr/bin/env bash
# Makes the packages: packaging/package.sh [deb|rpm|all] [OUTPUT_DIR]
#
# Installs what is missing, builds, puts the packages into OUTPUT_DIR (packages/ in the build directory)
# and checks a .deb with lintian. Standard output is their paths alone, one a line.
# BUILD_DIR: where to build (build-package/); what tests/run.sh has built in build/ can be used as it is.
# REVISION: the number behind the version (1): the next package of the same programs has the next one.
set -euo pipefail
umask 022

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${BUILD_DIR:-$root/build-package}
revision=${REVISION:-1}

die() { printf 'package.sh: %s\n' "$*" >&2; exit 1; }

usage() {
    sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
    exit 1
}

# Packages of one commit are alike, whenever they are made.
choose_date() {
    SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || stat -c %Y "$root/CMakeLists.txt")}
    export SOURCE_DATE_EPOCH
}

build_programs() {
    local options=()
    [[ -f $build/CMakeCache.txt ]] ||
        options=(-GNinja -DCMAKE_BUILD_TYPE=Release -DPACKETSENTRY_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr)
    cmake -S "$root" -B "$build" "${options[@]}" -DPACKETSENTRY_REVISION="$revision" &&
        cmake --build "$build" --target packetsentryd packetsentry-worker packetsentryctl
}

# CPack works below a directory of its own, so that two kinds of package never meet.
make_packages() { # GENERATOR
    rm -rf "$build/cpack/$1"
    cpack -G "$1" -B "$build/cpack/$1" --config "$build/CPackConfig.cmake"
}

# Into the log; its end is shown where it fails.
quietly() { # WHAT COMMAND…
    local log=$build/package.log
    if ! "${@:2}" >>"$log" 2>&1; then
        grep -nE 'error|Error|FAILED' "$log" | head -n 20 >&2 || true
        tail -n 20 "$log" >&2
        die "$1 failed; the whole output is in $log"
    fi
}

collect() { # GENERATOR SUFFIX
    local package
    for package in "$build/cpack/$1"/*."$2"; do
        cp "$package" "$output/"
        packages+=("$output/${package##*/}")
    done
}

# Errors and warnings fail; what is explained beside an override does not.
check_deb() { # FILE
    command -v lintian >/dev/null || { echo "package.sh: no lintian here; $1 is not checked" >&2; return 0; }
    lintian --allow-root --fail-on error,warning "$1" >&2 || die "lintian does not like $1"
}

main() {
    (($# <= 2)) || usage
    local kinds
    case ${1:-all} in
        deb | rpm) kinds=("$1") ;;
        all) kinds=(deb rpm) ;;
        *) usage ;;
    esac
    mkdir -p "$build" "${2:-$build/packages}"
    output=$(cd "${2:-$build/packages}" && pwd)
    packages=()
    if command -v dpkg-query >/dev/null; then "$root/packaging/dependencies.sh" build package; fi
    choose_date
    : >"$build/package.log"
    quietly "the build" build_programs
    local kind
    for kind in "${kinds[@]}"; do
        quietly "making the .$kind" make_packages "${kind^^}"
        collect "${kind^^}" "$kind"
        [[ $kind != deb ]] || check_deb "${packages[-1]}"
    done
    printf '%s\n' "${packages[@]}"
}

main "$@"
