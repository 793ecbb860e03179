# A worker that has been taken over (tests/attack): a datagram tells it what to try, in a job of its own.
# shellcheck shell=bash

# Takes over the workers of the jobs whose filter is "udp port 7".
order_attack() { # NAME [ARGUMENT]
    # shellcheck disable=SC2016
    in_b bash -c 'printf "attack:%s:%s;" "$1" "$2" >/dev/udp/10.77.0.1/7' bash "$1" "${2:-}"
}

# Sets OUTCOME: "killed", or what the worker tells of the attack.
try_attack() { # NAME [ARGUMENT]
    local job=$1-$RANDOM
    ctl start -d -i eth0 --bpf "udp port 7" --name "$job"
    expect_status 0
    order_attack "$@"
    wait_until 10 "the outcome of $1" attack_over "$job"
    ctl stop "$job"
}

attack_outcome() { # JOB
    if show_job "$1" | grep -q 'signal 31'; then
        echo killed
    else
        as_user root
        "${AS[@]}" packetsentryctl results "$1" 2>/dev/null | sed -n 's/^Summary: ATTACK [^:]*: //p' | head -n 1
    fi
}

attack_over() { # JOB
    OUTCOME=$(attack_outcome "$1")
    [[ -n $OUTCOME ]]
}

expect_attack() { # OUTCOME NAME [ARGUMENT]
    try_attack "${@:2}"
    echo "$2: $OUTCOME"
    [[ $OUTCOME == "$1" ]] || fail "attack $2 ${3:-}: expected '$1', got '$OUTCOME'"
}

# In the thread that writes the output of a job that saves.
expect_attack_aside() { # OUTCOME NAME [ARGUMENT]
    local job=aside-$2-$RANDOM
    ctl start -d -i eth0 --bpf "udp port 7" --name "$job" -o "$job.pcap"
    expect_status 0
    order_attack "aside-$2" "${3:-}"
    wait_until 10 "the end of $2, or its outcome" aside_over "$job"
    ctl stop "$job"
    echo "$2, aside: $OUTCOME"
    [[ $OUTCOME == "$1" ]] || fail "attack $2 ${3:-} in the other thread: expected '$1', got '$OUTCOME'"
}

aside_over() { # JOB
    if show_job "$1" | grep -q 'signal 31'; then
        OUTCOME=killed
        return 0
    fi
    order_attack aside
    as_user root
    OUTCOME=$("${AS[@]}" packetsentryctl results "$1" 2>/dev/null | sed -n 's/^Summary: ATTACK aside: //p' | tail -n 1)
    [[ -n $OUTCOME && $OUTCOME != "not tried" ]]
}
