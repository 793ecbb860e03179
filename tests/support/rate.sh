# How many datagrams a second another user gets through an interface that somebody captures on.
# shellcheck shell=bash

# From B to eth0 of A: the kernel hands each to the packet sockets there before the sender goes on.
datagrams_a_second() {
    in_b python3 "$SUPPORT/send_for.py" "${USER_ID[other]}" 10.77.0.1 1.5 1000
}

# The best of three: a machine that is busy with something else slows down one and not the other.
best_rate() {
    local best=0 rate
    for _ in 1 2 3; do
        rate=$(datagrams_a_second)
        if ((rate > best)); then best=$rate; fi
    done
    echo "$best"
}

# An expression that keeps the kernel busy for each of these datagrams and passes none: the sum of so many of their
# bytes, each of which costs five instructions, is compared with what it is not.
long_filter() { # TERMS
    python3 -c 'import sys
print("+".join(f"ip[{29 + i % 70}]" for i in range(int(sys.argv[1]))) + "=7")' "$1"
}
