# Sends a capture to a job, and looks at what the job loses of it. Sourced by the benchmarks of live captures, behind
# test.sh: they set job, capture (the file that is sent), loops and speed (packets a second to begin with).
# shellcheck shell=bash disable=SC2154

# Until the worker of the job has emptied its ring.
settled() {
    local before=${recorded:-none}
    recorded=$(job_number "$job" .ledger.recorded)
    [[ $recorded == "$before" ]] || { sleep 0.5; return 1; }
}

ledger_sum() { job_number "$job" "(.ledger | $1)"; } # JQ

# Sets RATE to what was sent, in packets a second.
replay() { # TCPREPLAY_OPTIONS…
    in_b tcpreplay -q --preload-pcap --loop="$loops" "$@" -i eth0 "$capture" >"$OUT/tcpreplay.out" 2>&1
    RATE=$(sed -n 's/.*, \([0-9]*\)\.*[0-9]* pps.*/\1/p' "$OUT/tcpreplay.out" | head -n 1)
    recorded=none
    wait_until 60 "the ring to be read" settled
}

# Sets DROPPED to what the kernel dropped of the job's packets at that speed.
try_rate() { # A_SECOND
    local before
    before=$(ledger_sum .dropped_by_kernel)
    replay --pps="$1"
    DROPPED=$(($(ledger_sum .dropped_by_kernel) - before))
    printf '%-34s %10s %10s\n' "$job, at $1/s" "$RATE" "$DROPPED"
}

# Sets FIRST to about the lowest speed at which a capture that keeps nothing drops packets, or to the highest at which
# tcpreplay sends.
find_first_drop() {
    local low=0 middle rate=$speed
    while :; do
        try_rate "$rate"
        FIRST=$((RATE > low ? RATE : low))
        ((DROPPED == 0)) || break
        low=$FIRST
        ((RATE * 10 >= rate * 8)) || { echo "tcpreplay sends no more than $FIRST/s, at which nothing is dropped"; return; }
        rate=$((rate * 2))
    done
    for _ in 1 2 3; do
        middle=$(((low + FIRST) / 2))
        try_rate "$middle"
        if ((DROPPED == 0)); then low=$middle; else FIRST=$middle; fi
    done
}
