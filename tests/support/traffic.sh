# Real servers in namespace A and real clients in B. All of them end with the namespaces.
# shellcheck shell=bash

SUPPORT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Answers every name with 192.0.2.7 and 2001:db8::7, unless further options of dnsmasq say otherwise.
serve_dns() { # [ADDRESS [OPTION…]]
    local address=${1:-10.77.0.1}
    shift "$(($# > 0))"
    in_a dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --pid-file= --user=root \
        --address=/#/192.0.2.7 --address=/#/2001:db8::7 --listen-address="$address" --bind-interfaces "$@" \
        >"$TEMP/dnsmasq.log" 2>&1 </dev/null &
    wait_until 20 "dnsmasq" in_b dig +short +time=1 +tries=1 @"$address" ready.test
}

ask() { # NAME [DIG OPTIONS…]
    local name=$1
    shift
    in_b dig +short +time=2 +tries=3 "$@" @10.77.0.1 "$name" >/dev/null
}

serve_http() { # [ADDRESS]
    local address=${1:-10.77.0.1}
    mkdir -p "$TEMP/site"
    echo 'It works.' >"$TEMP/site/index.html"
    in_a python3 -m http.server --bind "$address" --directory "$TEMP/site" 80 >"$TEMP/http.log" 2>&1 </dev/null &
    wait_until 20 "the HTTP server" in_b curl -s --noproxy '*' --max-time 1 "$(site_of "$address")/"
}

site_of() { # ADDRESS
    case $1 in
        *:*) echo "http://[$1]" ;;
        *) echo "http://$1" ;;
    esac
}

fetch() { # PATH [ADDRESS]
    in_b curl -s --noproxy '*' --max-time 5 -o "$TEMP/fetched" -w '%{http_code}' "$(site_of "${2:-10.77.0.1}")$1"
}

# Offers 10.77.0.100 on, and fd77::100 on.
serve_dhcp() {
    in_a dnsmasq --no-daemon --conf-file=/dev/null --port=0 --pid-file= --user=root --interface=eth0 --bind-interfaces \
        --no-ping --dhcp-leasefile="$TEMP/leases" --dhcp-range=10.77.0.100,10.77.0.110,1h \
        --dhcp-range=fd77::100,fd77::110,64,1h >"$TEMP/dhcp.log" 2>&1 </dev/null &
    wait_until 20 "the DHCP server" talk 10.77.0.1 dhcp
}

# A certificate that nobody else has signed: $TEMP/NAME.pem, with $TEMP/NAME.key.
make_certificate() { # NAME [OPTION OF OPENSSL REQ…]
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -keyout "$TEMP/$1.key" -out "$TEMP/$1.pem" "${@:2}" \
        >"$TEMP/openssl.log" 2>&1
}

# Waits for what in_a has in the background.
listens() { # PORT
    [[ $(in_a ss -Hltun "sport = $1") ]]
}

# Shows the files in $TEMP.
serve_quic() { # CERTIFICATE PORT [OPTION…]
    in_a gtlsserver -q "${@:3}" --htdocs "$TEMP" 10.77.0.1 "$2" "$TEMP/$1.key" "$TEMP/$1.pem" \
        >"$TEMP/quic-$2.log" 2>&1 </dev/null &
    wait_until 10 "the QUIC server" listens "$2"
}

# Answers NTP, SSH and TLS.
serve_talk() { # ADDRESS
    in_a python3 "$SUPPORT/talk.py" "$1" serve >"$TEMP/talk.log" 2>&1 </dev/null &
    wait_until 20 "the servers of talk.py" grep -q ready "$TEMP/talk.log"
}

# An exchange, or a message, of each protocol; talk.py lists them.
talk() { # ADDRESS PROTOCOL…
    in_b python3 "$SUPPORT/talk.py" "$@"
}

# COUNT numbered datagrams from B to A: the destination port is the number, from FIRST on.
send_numbered() { # FIRST COUNT [A_SECOND]
    in_b python3 "$SUPPORT/send_numbered.py" 10.77.0.1 "$@"
}

# Of one that runs in the background: the shell that was started for it, and the sender itself.
stop_sender() { # PID
    local sender
    sender=$(pgrep -P "$1") || true
    # shellcheck disable=SC2086
    kill $sender "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

ping_a() { # COUNT
    in_b ping -q -n -i 0.01 -c "$1" 10.77.0.1 >/dev/null
}

# A pcap file of COUNT packets, alternately UDP (port = number), TCP port 80 and DNS queries.
write_capture() { # FILE COUNT
    python3 "$SUPPORT/write_capture.py" "$@"
}
