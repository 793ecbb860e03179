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
