# What the daemon says of its jobs, asked as root so that the answers of the test's own clients stay put.
# shellcheck shell=bash

show_job() { # JOB
    as_user root
    "${AS[@]}" packetsentryctl --json show "$1"
}

job_runs() { # JOB
    show_job "$1" 2>/dev/null | jq -e '.state == "running"' >/dev/null
}

job_over() { # JOB
    show_job "$1" 2>/dev/null | jq -e '.state == "finished" or .state == "failed"' >/dev/null
}

job_number() { # JOB JQ_PATH
    show_job "$1" 2>/dev/null | jq "$2"
}

shows_number() { # JOB JQ_PATH AT_LEAST
    local number
    number=$(job_number "$1" "$2")
    ((${number:-0} >= $3))
}

job_state_is() { # JOB STATE
    [[ $(job_number "$1" .state) == "\"$2\"" ]]
}

# Nothing lies in the ring any more, as there is no traffic any more, and what came in is delivered or dropped.
expect_drained() { # JOB
    wait_until 5 "the ring of '$1' to be read empty" ring_is_empty "$1"
    show_job "$1" | jq -e '.ledger | .received == .delivered + .dropped_by_kernel' >/dev/null ||
        fail "K of '$1' does not balance: $(job_number "$1" .ledger)"
}

ring_is_empty() { # JOB
    [[ $(job_number "$1" .ledger.unread) == 0 ]]
}
