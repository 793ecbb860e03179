# How long questions take, beside tcpdump over the same packets. Sourced by tests/bench/spool.sh.
# shellcheck shell=bash disable=SC2154

warm_cache() { find "$spool" -type f -exec cat {} + >/dev/null; }
cold_cache() { sync && echo 3 >/proc/sys/vm/drop_caches; }

middle() { sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }

# COLD is 1 where nothing may be in the page cache before.
ours() { # COLD OPTIONS…
    local i
    for ((i = 0; i < rounds; i++)); do
        (($1 == 0)) || cold_cache
        ctl search --explain "${@:2}"
        sed -n 's/^Duration: *\([0-9.]*\) s$/\1/p' "$OUT/ctl.err"
    done | middle
}

# It needs far longer, so it has one round with a cold cache.
tcpdump_over_all() { # COLD FILTER
    local i begin
    for ((i = 0; i < ($1 == 0 ? rounds : 1); i++)); do
        (($1 == 0)) || cold_cache
        tell_time
        begin=$NOW
        find "$spool" -name '*.pcapng' -size +0 | sort | while read -r file; do tcpdump -nr "$file" "$2" 2>/dev/null; done >/dev/null
        tell_time
        awk -v time=$((NOW - begin)) 'BEGIN { printf "%.3f\n", time / 1000000 }'
    done | middle
}

question() { # COLD LABEL TCPDUMP_FILTER OPTIONS…
    local mine theirs=- ratio=-
    mine=$(ours "$1" "${@:4}")
    if [[ -n $3 ]]; then
        theirs=$(tcpdump_over_all "$1" "$3")
        ratio=$(awk -v a="$theirs" -v b="$mine" 'BEGIN { printf "%.0f", a / b }')
    fi
    ctl search "${@:4}"
    printf '%-34s %10s %10s %10s %12s\n' "$2" "$(wc -l <"$OUT/ctl.out")" "$mine" "$theirs" "$ratio"
}

ask_all() { # COLD
    question "$1" "a host with few packets" "host 10.255.0.2" --filter-ip 10.255.0.2
    question "$1" "a host that is not there" "host 203.0.113.254" --filter-ip 203.0.113.254
    question "$1" "a name" '' --name host7.www.example.net
    question "$1" "a glob" '' --name '*7.cdn.example.net'
    question "$1" "a name that is not there" '' --name '*.nowhere.invalid'
    question "$1" "the last hundred packets" '' --last 100
}

tell_questions() {
    printf '\n%-34s %10s %10s %10s %12s\n' "question (medians of $rounds), warm" rows seconds tcpdump 'x ours'
    warm_cache
    ask_all 0
    question 0 "a host in a tenth of all, as text" "host 10.255.0.1" --filter-ip 10.255.0.1
    printf '\n%-34s %10s %10s %10s %12s\n' "cold" rows seconds tcpdump 'x ours'
    ask_all 1
}
