#!/usr/bin/env bash
# Installs what is missing, builds, and runs the tests: tests/run.sh [--quick] [--long] [--only PATTERN]
#
#   --quick         the system tests that run two at a time, none that measures and so runs alone, none that boots the
#                   package; meanwhile the unit and conformance tests are built, which then run; no sanitizer build, no
#                   fuzzing, no clang-tidy
#   --long          all unit tests with sanitizers and without, and clang-tidy on all sources, not only on those that read
#                   strangers' input; five minutes a fuzz target; also the system tests of the rarest cases; each
#                   source compiled alone
#   --only PATTERN  the system tests whose number begins with PATTERN or whose name has it, alone
#
# System tests need root or sudo; those numbered 4xx install the package in a Debian of their own and
# boot it. Last line: the system tests "passed, failed, skipped". Status 0 when
# nothing of all of it failed. BUILD_DIR, FUZZ_BUILD_DIR: where to build (build/, build-fuzz/).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${BUILD_DIR:-$root/build}
fuzz_build=${FUZZ_BUILD_DIR:-$root/build-fuzz}
fuzz_seconds=8  # a target
# Built and run under sanitizers, and not once more without them: what takes strangers' bytes and texts. The fuzzers have
# the libraries built already.
sanitized="unit_base unit_proto unit_proto_query unit_capture unit_daemon_dissect unit_flows unit_record"
sanitized+=" unit_redact unit_spool unit_spool_catalogue unit_config unit_policy unit_transactions"
# Checked by clang-tidy: the folders that read strangers' bytes.
tidied=(proto daemon/capture daemon/dissect daemon/record daemon/redact daemon/spool daemon/transactions)
# More compilers than processors only take memory from what runs beside them.
export CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}
unity=ON
quick=0 long=
only=()
deb='' deb_next=''
fuzz_builder='' tidy_run=''
failures=()
system_line="0 passed, 0 failed, 0 skipped"

headline() { printf '\n== %s (%d:%02d) ==\n' "$1" $((SECONDS / 60)) $((SECONDS % 60)); }

# A step that fails is remembered; the others still run.
step() { # WHAT COMMAND…
    headline "$1"
    "${@:2}" || failures+=("$1")
}

compile() { # DIRECTORY TARGETS CMAKE_OPTIONS…
    local directory=$1 log=$1/build.log targets
    read -ra targets <<<"$2"
    shift 2
    mkdir -p "$directory"
    if ! { cmake -S "$root" -B "$directory" "$@" && cmake --build "$directory" --target "${targets[@]}"; } >"$log" 2>&1; then
        grep -nE 'error|FAILED' "$log" | head -n 20 || true
        tail -n 30 "$log"
        echo "tests/run.sh: the build failed; its whole output is in $log" >&2
        exit 1
    fi
    tail -n 1 "$log"
}

elsewhere='' # the unit tests that the normal build leaves out

build_normal() { # TARGETS
    local options=()
    [[ -f $build/CMakeCache.txt ]] || options=(-GNinja -DCMAKE_BUILD_TYPE=Release)
    compile "$build" "$1" "${options[@]}" -DPACKETSENTRY_TESTS=ON -DPACKETSENTRY_UNITY="$unity" \
        -DPACKETSENTRY_TESTED_ELSEWHERE="${elsewhere// /;}"
}

build_fuzz() {
    local options=()
    [[ -f $fuzz_build/CMakeCache.txt ]] || options=(-GNinja -DCMAKE_CXX_COMPILER=clang++-19)
    # A report needs only the lines of the debugging information.
    options+=(-DCMAKE_BUILD_TYPE=RelWithDebInfo "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -gline-tables-only -DNDEBUG")
    compile "$fuzz_build" "$sanitized fuzzers" "${options[@]}" -DPACKETSENTRY_TESTS=ON \
        -DPACKETSENTRY_FUZZ=ON -DPACKETSENTRY_SANITIZE=address,undefined
}

# COMMAND takes what the tests, which mostly wait, leave of the machine, and nothing that they want.
at_leisure() { # COMMAND…
    chrt --idle --pid 0 "$BASHPID"
    "$@"
}

begin_fuzz_build() {
    mkdir -p "$fuzz_build"
    at_leisure build_fuzz >"$fuzz_build/outcome.log" 2>&1 &
    fuzz_builder=$!
    at_leisure "$root/tests/style/tidy.sh" "$root" "$build" "${tidied[@]}" >"$build/tidy.log" 2>&1 &
    tidy_run=$!
}

# Waits for one of them, and prints what it said.
finish() { # PROCESS LOG
    local status=0
    wait "$1" || status=$?
    cat "$2"
    return "$status"
}

run_ctest() { # DIRECTORY TESTS
    local filter=()
    [[ $2 == all ]] || filter=(-R "^(${2// /|})\$")
    ctest --test-dir "$1" --output-on-failure --no-tests=error -j "$(nproc)" "${filter[@]}"
}

# The package of what was built, and the next one, for upgrades.
make_packages() {
    [[ $(command -v dpkg-deb) ]] || return 0
    deb=$(BUILD_DIR=$build "$root/packaging/package.sh" deb) &&
        deb_next=$(BUILD_DIR=$build REVISION=2 "$root/packaging/package.sh" deb)
}

run_system() {
    # What runs beside them, each other and a build, costs them time, as they share caches and cores.
    local prefix=(env "BIN=$build/bin" "DEB=$deb" "DEB_NEXT=$deb_next" "TREES=$build/trees" "LIMIT=${LIMIT:-150}"
        "TOGETHER=${TOGETHER:-2}" "LONG=$long" "QUICK=${quick#0}")
    local log=$build/system-tests.log
    if ((EUID != 0)); then
        if ! sudo -v 2>/dev/null; then
            skip_system
            return 0
        fi
        prefix=(sudo "${prefix[@]}")
    fi
    local status=0
    "${prefix[@]}" "$root/tests/system/run.sh" "${only[@]}" 2>&1 | tee "$log" || status=1
    system_line=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -n 1)
    system_line=${system_line:-0 passed, 1 failed, 0 skipped}  # the runner itself broke down
    return "$status"
}

skip_system() {
    local count
    count=$(find "$root/tests/system" -name '[0-9][0-9][0-9]-*.sh' | wc -l)
    system_line="0 passed, 0 failed, $count skipped"
    echo "SKIPPED: all $count system tests; they need root or sudo, for network namespaces"
}

parse() {
    while (($#)); do
        case $1 in
            --quick) quick=1 ;;
            --long) fuzz_seconds=300 sanitized=all tidied=() unity=OFF long=1 ;;
            --only) only+=("${2:?--only needs a pattern}") && shift ;;
            *) sed -n '2,15s/^# \{0,1\}//p' "$0" && exit 1 ;;
        esac
        shift
    done
}

sanitize_and_fuzz() {
    step "clang-tidy" finish "$tidy_run" "$build/tidy.log"
    headline "Sanitizer build (clang, address and undefined behaviour)"
    finish "$fuzz_builder" "$fuzz_build/outcome.log" || exit 1
    step "Unit tests under sanitizers" run_ctest "$fuzz_build" "$sanitized"
    if [[ -x $root/tests/fuzz/run.sh ]]; then
        step "Fuzzing, $fuzz_seconds s a target" "$root/tests/fuzz/run.sh" "$fuzz_seconds" "$fuzz_build"
    fi
}

# The system tests mostly wait, so what they do not need is built meanwhile.
test_quickly() {
    local builder
    build_normal system_test_programs
    at_leisure build_normal all >"$build/outcome.log" 2>&1 &
    builder=$!
    step "System tests" run_system
    headline "Build of the other tests"
    finish "$builder" "$build/outcome.log" || exit 1
    step "Unit and conformance tests" run_ctest "$build" all
}

test_wholly() {
    if [[ $sanitized != all ]]; then elsewhere=$sanitized; fi
    build_normal all
    begin_fuzz_build
    step "Packages of it" make_packages
    step "Unit and conformance tests" run_ctest "$build" all
    step "System tests" run_system
    sanitize_and_fuzz
}

conclude() {
    headline "Done"
    if ((${#failures[@]})); then printf 'FAILED: %s\n' "${failures[@]}"; fi
    echo "$system_line"
    ((${#failures[@]} == 0))
}

main() {
    parse "$@"
    headline "Packages"
    local groups=(build test)
    ((quick)) || groups+=(package boot)
    ((quick || ${#only[@]})) || groups+=(fuzz)
    "$root/packaging/dependencies.sh" "${groups[@]}"
    headline "Build"
    if ((${#only[@]})); then
        build_normal all
        step "Packages of it" make_packages
        step "System tests" run_system
    elif ((quick)); then
        test_quickly
    else
        test_wholly
    fi
    conclude
}

main "$@"
