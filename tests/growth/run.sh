#!/bin/sh
# run.sh GROW: gives each hostile input tenfold and counts instructions by callgrind, which gives the same
# number each time, in what is done with the input and not in making it. At most twelve times as many, or the
# work is not linear. An input that is not taken for what it is meant to be fails too.
set -eu
grow=${1:?usage: run.sh GROW}

cost() { # KIND SIZE
    if ! output=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect=measured \
        "$grow" "$1" "$2" 20 2>&1); then
        echo "$output" >&2
        return 1
    fi
    echo "$output" | sed -n 's/^==[0-9]*== Collected : //p'
}

status=0
for kind in $("$grow"); do
    if ! { once=$(cost "$kind" 600) && tenfold=$(cost "$kind" 6000) && [ "${once:-0}" -gt 0 ]; }; then
        echo "FAILED  $kind"
        status=1
        continue
    fi
    tenths=$((tenfold * 10 / once))
    verdict=ok
    if [ "$tenths" -gt 120 ]; then verdict=FAILED status=1; fi
    printf '%-7s %-24s %12d instructions, tenfold %12d: %d.%d times\n' "$verdict" "$kind" "$once" "$tenfold" \
        $((tenths / 10)) $((tenths % 10))
done
exit $status
