# Two connections, each with two requests: GET and one that finds nothing, HEAD and POST.
# shellcheck shell=bash

mkdir "$TEMP/site"
echo 'It works.' >"$TEMP/site/index.html"
in_a python3 -m http.server --bind :: --protocol HTTP/1.1 --directory "$TEMP/site" 80 >"$TEMP/http.log" 2>&1 </dev/null &

fetch_pages() { # ADDRESS CURL_ARGUMENTS…
    in_b curl -s --noproxy '*' --max-time 5 --resolve "www.example.org:80:$1" -o /dev/null "${@:2}"
}
wait_until 20 "the HTTP server" fetch_pages 192.0.2.1 http://www.example.org/

begin_packetsentry http eth0 'tcp port 80'
fetch_pages 192.0.2.1 'http://www.example.org/index.html?lang=en' --next -s http://www.example.org/nowhere -o /dev/null
fetch_pages '[2001:db8::1]' -I http://www.example.org/ --next -s -d name=value http://www.example.org/form -o /dev/null
end_packetsentry http
