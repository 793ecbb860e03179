# Real questions and answers: by UDP over both versions of IP, and by TCP over IPv6.
# shellcheck shell=bash

ask_for() { # DIG_ARGUMENTS…
    in_b dig +short +time=2 +tries=1 "$@" >/dev/null
}

begin_tcpdump dns eth0 'port 53'
ask_for @192.0.2.1 web.example.org A
ask_for @2001:db8::1 www.example.org AAAA
ask_for @192.0.2.1 example.org MX
ask_for @192.0.2.1 example.org TXT
ask_for @192.0.2.1 -x 198.51.100.7
ask_for @192.0.2.1 nowhere.example.org A
ask_for @2001:db8::1 +tcp www.example.org A
end_tcpdump dns
