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

# Standing jobs whose workers are taken over, each by datagrams to a port of its own, written to $JOBS before the daemon
# starts.
declare -A ATTACK_PORT=()

write_attacked_job() { # JOB [KEEP]
    ATTACK_PORT[$1]=$((7000 + ${#ATTACK_PORT[@]}))
    printf 'interface = ["eth0"]\nfilter = { bpf = "udp port %s" }\n[keep.packets]\n%s\n' \
        "${ATTACK_PORT[$1]}" "${2:-age = \"1d\"}" >"$JOBS/$1.toml"
}

all_jobs_run() {
    as_user root
    "${AS[@]}" packetsentryctl list --json |
        jq -es --argjson jobs "${#ATTACK_PORT[@]}" 'map(select(.state == "running")) | length == $jobs' >/dev/null
}

send_text() { # JOB TEXT
    # shellcheck disable=SC2016
    in_b bash -c 'printf "%s" "$1" >"/dev/udp/10.77.0.1/$2"' bash "$2" "${ATTACK_PORT[$1]}"
}

# So many datagrams of a thousand bytes.
send_much() { # JOB COUNT
    in_b python3 -c 'import socket, sys, time
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number in range(int(sys.argv[2])):
    out.sendto(b"%08d" % number + bytes(992), ("10.77.0.1", int(sys.argv[1])))
    if number % 50 == 49: time.sleep(0.01)' "${ATTACK_PORT[$1]}" "$2"
}

# Has the workers write what they have to their segments.
write_segments() {
    CTL_AS=root ctl search -c 1
    expect_status 0
}

# Sets OUTCOME to what became of an attack on the worker of a standing job, if that is known yet.
kept_attack_over() { # JOB NAME
    OUTCOME=killed
    if show_job "$1" | grep -q 'signal 31'; then return 0; fi
    as_user root
    OUTCOME=$("${AS[@]}" packetsentryctl results "$1" 2>/dev/null | sed -n "s/^Summary: ATTACK $2: //p" | tail -n 1)
    [[ -n $OUTCOME && $OUTCOME != "not tried" ]]
}

expect_kept_attack() { # OUTCOME JOB NAME
    wait_until 10 "the outcome of $3 on $2" kept_attack_over "$2" "$3"
    echo "$2: $OUTCOME"
    [[ $OUTCOME == "$1" ]] || fail "attack on $2: expected '$1', got '$OUTCOME'"
}
