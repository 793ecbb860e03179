#!/usr/bin/env bash
# run.sh SECONDS BUILD_DIR [CAPTURE…]: runs each fuzz target for so long, one on each processor, and prints a
# line each; the packets of capture files are seeds too. A failing input and the target's output stay in
# BUILD_DIR/fuzz. Exit status 1 if any failed.
set -euo pipefail
usage="usage: run.sh SECONDS BUILD_DIR [CAPTURE...]"
seconds=${1:?$usage}
build=$(cd "${2:?$usage}" && pwd)
shift 2
work=$build/fuzz
mkdir -p "$work"
"$build/bin/make_seeds" "$work/seeds" "$@"

# What one allocation may have, whatever a file says of itself. A reader of capture files has a dictionary of at
# most 96 MiB for xz, a window of 8 MiB for zstd, and blocks of at most one.
malloc_limit() { # name
    case $1 in
        capture_file) echo 96 ;;
        *) echo 2048 ;;
    esac
}

run() { # name program
    "$2" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 -malloc_limit_mb="$(malloc_limit "$1")" \
        -max_len=4096 -print_final_stats=1 -artifact_prefix="$work/found/$1-" "$work/corpus/$1" "$work/seeds/$1" \
        >"$work/$1.log" 2>&1
}

# Prints the target's line, in one piece, as several write at a time.
fuzz() { # PROGRAM
    local name=${1##*/fuzz_} runs edges
    mkdir -p "$work/corpus/$name" "$work/seeds/$name" "$work/found"
    if ! run "$name" "$1"; then
        echo "FAILED  $name: see $work/$name.log"
        return 1
    fi
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$name.log")
    edges=$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' "$work/$name.log" | tail -n 1)
    echo "ok      $name: $runs runs, $edges edges"
}

status=0 running=0
for program in "$build"/bin/fuzz_*; do
    if ((running == $(nproc))); then
        wait -n || status=1
        running=$((running - 1))
    fi
    fuzz "$program" &
    running=$((running + 1))
done
for ((; running > 0; running--)); do wait -n || status=1; done
exit $status
