#!/usr/bin/env bash
# The journal: one line a fact, with fields; who did what can be asked by user and by job; the catalog
# explains every line; a flood of refused requests is rate-limited and its size told; nothing at rest.
. "$(dirname "${BASH_SOURCE[0]}")/../support/lab.sh"

lab <<'INSIDE'
make_users
make_peer
systemctl start packetsentryd
uid=$(id -u alice)
ctl start -d --name night -i eth0 -f dns
ctl filter night --bpf 'udp port 53'
packetsentryctl results night >/dev/null
ctl stop night
ctl start -d -i no-such
ctl start -d -i eth0 --bpf 'port nonsense'
expect_status 4

field() { # NAME FILTER…
    journal -o json "${@:2}" | jq -r --arg name "$1" '.[$name] // empty | if type == "array" then join("+") else . end' | paste -sd' '
}
expect_equal "what alice did" "start filter stop start start" "$(field PACKETSENTRY_ACTION "PACKETSENTRY_UID=$uid")"
expect_equal "and how it went" "allowed allowed allowed refused refused" "$(field PACKETSENTRY_VERDICT "PACKETSENTRY_UID=$uid")"
expect_equal "what root did" "follow" "$(field PACKETSENTRY_ACTION PACKETSENTRY_UID=0)"
expect_equal "interfaces asked for" "eth0 no-such eth0" "$(field PACKETSENTRY_INTERFACE PACKETSENTRY_ACTION=start)"
journal -o cat PACKETSENTRY_JOB=1 >"$OUT/job"
expect_line "$OUT/job" "^job night \(id 1\) started by uid $uid on eth0, filter: "
expect_line "$OUT/job" '^job night \(id 1\) finished: [0-9]+ packets$'
expect_line "$OUT/job" "^job night \(id 1\) of uid $uid is read by uid 0$"

# Every line of the daemon itself has its explanation.
without=$(journal -o json _PID="$(main_pid)" | jq -r 'select(.MESSAGE_ID == null) | .MESSAGE')
expect_equal "lines without identity" "" "$without"
journal -x PACKETSENTRY_ACTION=start PACKETSENTRY_VERDICT=refused >"$OUT/explained"
expect_line "$OUT/explained" 'Subject: A request was refused$'
expect_line "$OUT/explained" "User $uid requested something"

for ((i = 0; i < 60; ++i)); do ctl start -d -i no-such; done
told=$(field PACKETSENTRY_VERDICT PACKETSENTRY_VERDICT=refused | wc -w)
((told < 40)) || fail "$told refusals of 62 were written"
wait_until 15 "the count of what was left out" sh -c 'journalctl -q -u packetsentryd -o cat | grep -E "^[0-9]+ more lines like this were left out: refused uid"'
left_out=$(journal -o cat | sed -n 's/ more lines like this were left out.*//p' | paste -sd+ | sed 's/$//')
told=$(field PACKETSENTRY_VERDICT PACKETSENTRY_VERDICT=refused | wc -w)
wait_until 15 "all to be accounted for" sh -c '[ $(( $(journalctl -q -u packetsentryd -o cat | sed -n "s/ more lines like this were left out.*//p" | paste -sd+ | sed "s/^$/0/") + $(journalctl -q -u packetsentryd -o cat PACKETSENTRY_VERDICT=refused | wc -l) )) = 62 ]'

# At rest it is quiet.
before=$(journal | wc -l)
sleep 3
expect_equal "lines at rest" "$before" "$(journal | wc -l)"
INSIDE
