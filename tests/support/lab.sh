# Sourced first by every test on a real systemd, with the real package. The test itself, read from
# standard input, runs inside as root, after tests/support/inside.sh:
#   lab [--tree bare|package|lab] [--bind SOURCE:TARGET]… <<'INSIDE' … INSIDE
# DEB: the package. TREES: where its trees are kept (trees.sh).
# shellcheck shell=bash
set -Eeuo pipefail

SUPPORT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TEMP=$(mktemp -d "${TMPDIR:-/tmp}/packetsentry-lab.XXXXXX")
trap 'rm -rf "$TEMP"' EXIT
# shellcheck source=tests/support/check.sh
. "$SUPPORT/check.sh"

lab() {
    local tree=lab options=()
    while (($#)); do
        case $1 in
            --tree) tree=$2 ;;
            --bind) options+=(--bind "$2") ;;
            *) fail "lab: no option $1" ;;
        esac
        shift 2
    done
    prepare_trees
    mkdir "$TEMP/lab"
    cp "$SUPPORT/check.sh" "$SUPPORT/inside.sh" "$TEMP/lab"
    { echo '. /run/lab/inside.sh'; cat; } >"$TEMP/lab/test.sh"
    local status=0
    "$SUPPORT/boot.sh" --tree "$TREES/$tree" --journal "$TEMP/journal" --time 75 "${options[@]}" "$TEMP/lab/test.sh" ||
        status=$?
    ((status != 126)) || skip "no systemd can be booted here"
    ((status == 0)) || { grep -a 'packetsentry' "$TEMP/journal" | tail -n 25; }
    return "$status"
}

prepare_trees() {
    [[ -n ${DEB:-} && -f ${DEB:-} ]] || skip "no package: DEB=\$(packaging/package.sh deb) gives one"
    command -v debootstrap >/dev/null || skip "no debootstrap: apt-get install debootstrap"
    TREES=${TREES:-${TMPDIR:-/var/tmp}/packetsentry-trees}
    "$SUPPORT/trees.sh" "$TREES" "$DEB"
}
