#!/bin/sh
# run.sh GROW: gives each hostile input tenfold and counts instructions by callgrind, which gives the same
# number each time. At most twelve times as many, beyond what it costs to make the input, or the work is not
# linear.
set -eu
grow=${1:?usage: run.sh GROW}

instructions() { # KIND SIZE TIMES
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$grow" "$@" 2>&1 |
        sed -n 's/^==[0-9]*== Collected : //p'
}

cost() { # KIND SIZE
    echo $(($(instructions "$1" "$2" 20) - $(instructions "$1" "$2" 0)))
}

status=0
for kind in $("$grow"); do
    once=$(cost "$kind" 600)
    tenfold=$(cost "$kind" 6000)
    tenths=$((tenfold * 10 / once))
    verdict=ok
    if [ "$tenths" -gt 120 ]; then verdict=FAILED status=1; fi
    printf '%-7s %-18s %12d instructions, tenfold %12d: %d.%d times\n' "$verdict" "$kind" "$once" "$tenfold" \
        $((tenths / 10)) $((tenths % 10))
done
exit $status
