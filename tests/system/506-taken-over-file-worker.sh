#!/usr/bin/env bash
# The worker that the client starts for a file is in the same sandbox: a file whose packets take it over gets
# nothing done, though it is the user's own process. Expected: what only an attack would try ends it, which the
# client tells; files are not there; honest code survives.
# Runs alone: it takes the machine to its limits.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

use_worker taken-over
write_order() { # FILE NAME [ARGUMENT]
    python3 -c 'import struct, sys
frame = sys.argv[2].encode()
with open(sys.argv[1], "wb") as out:
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    out.write(struct.pack("<IIII", 1747305000, 0, len(frame), len(frame)) + frame)' "$1" "attack:$2:${3:-};"
}
expect_outcome() { # OUTCOME NAME [ARGUMENT]
    write_order "$WORK/order.pcap" "${@:2}"
    ctl --no-files -r order.pcap
    if [[ $1 == killed ]]; then
        expect_line "$OUT/ctl.err" 'the worker that read the file died \(.*signal 31.*\)'
    else
        expect_status 0
        expect_line "$OUT/ctl.out" "ATTACK $2: $1\$"
    fi
}

secret=$WORK/secret
echo "not to be read" >"$secret"
chown "${USER_ID[member]}" "$secret"
for name in packet-socket inet-socket fork clone3 executable-memory dumpable raise-limit io-uring; do
    expect_outcome killed "$name"
done
for name in ptrace kill pidfd read-memory; do expect_outcome killed "$name" "$$"; done
expect_outcome killed exec /bin/true
expect_outcome 'Permission denied' open "$secret"
expect_outcome 'Permission denied' write-file "$secret"
expect_outcome 'Function not implemented' unknown-call
for name in allocations stack exception time-zone locale; do expect_outcome succeeded "honest-$name"; done
expect_equal "the user's file" "not to be read" "$(cat "$secret")"
