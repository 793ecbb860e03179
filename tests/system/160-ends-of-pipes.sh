#!/usr/bin/env bash
# A reader that takes one line, or nothing, ends the client with status 0 and without a word, however much there is
# to read, of a file, of a job or of a capture: a worker that has ended by then is no error.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

write_capture "$WORK/few.pcap" 20
write_capture "$WORK/many.pcap" 6000

# A file whose lines fill a pipe (64 KiB) to the byte: as many packets as fit, and a name that fills the rest.
as_user member
write_capture "$WORK/one.pcap" 2000
fits=$(cd "$WORK" && "${AS[@]}" packetsentryctl --no-files read one.pcap 2>/dev/null |
    awk '{ bytes += length($0) + 1; if (bytes > 65536) exit; rest = 65536 - bytes; lines = NR - 1 }
         END { print lines, rest }')
rm "$WORK/one.pcap"
full=$(printf '%*s' "${fits#* }" '' | tr ' ' x)one.pcap
write_capture "$WORK/$full" "${fits% *}"
expect_equal "bytes of the file that fills a pipe" 65536 \
    "$(cd "$WORK" && "${AS[@]}" packetsentryctl --no-files read "$full" 2>/dev/null | wc -c)"

read_into() { # READER OPTIONS…
    local reader=$1
    shift
    (cd "$WORK" && { STATUS=0; timeout 10 "${AS[@]}" packetsentryctl --no-files "$@" 2>"$OUT/client.err" || STATUS=$?
        echo "$STATUS" >"$OUT/status"; } | eval "$reader" >/dev/null)
    STATUS=$(cat "$OUT/status")
    [[ $STATUS == 0 ]] || fail "'$*' into '$reader': status $STATUS: $(cat "$OUT/client.err")"
    expect_no_line "$OUT/client.err" '[Ee]rror|cannot|[Bb]roken|pipe'
}

for reader in 'head -n 1' 'true' '(sleep 0.05; head -n 1)' '(sleep 0.05; true)'; do
    for ((i = 0; i < 2; ++i)); do
        for file in few.pcap many.pcap "$full"; do
            read_into "$reader" read "$file"
            read_into "$reader" --json read "$file"
        done
        read_into "$reader" read few.pcap -o -
    done
done

# The small file, often: the worker has mostly ended when the reader goes.
for ((i = 0; i < 25; ++i)); do read_into '(sleep 0.03; head -n 1)' --json read few.pcap; done

# Other commands as well.
start_daemon
for words in interfaces status list --help; do
    for ((i = 0; i < 3; ++i)); do read_into true "$words"; done
done

# Captures, their followers, and what is kept of them: beside the packets there is nothing but that a capture is on, and
# the last line.
ctl start -d -i eth0 -f icmp --name night
expect_status 0
(ping_a 10000 || true) 2>/dev/null & # until the end of the test
as_user member
wait_until 10 "packets to be kept" shows_number night .kept 100
end_quietly() { # READER OPTIONS…
    read_into "$@"
    expect_equal "words on standard error of '${*:2}' into '$1'" "" "$(grep -vE "$usual" "$OUT/client.err" || true)"
}
usual='^(listening on eth0 \(filter: icmp\)|[0-9]+ packets? shown, .*)$'
for reader in 'head -n 1' true '(sleep 0.05; true)'; do
    end_quietly "$reader" follow night
    end_quietly "$reader" --json follow --from-start night
    end_quietly "$reader" results night
    end_quietly "$reader" --json results night
    end_quietly "$reader" start -i eth0 -f icmp
    end_quietly "$reader" --json start -i eth0 -f icmp
    end_quietly "$reader" start -i eth0 -f icmp -o -
done
only_night_runs() { [[ $("${AS[@]}" packetsentryctl list --running --no-legend | wc -l) == 1 ]]; }
wait_until 5 "the captures' ends" only_night_runs
