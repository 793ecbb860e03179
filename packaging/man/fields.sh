#!/usr/bin/env bash
# fields.sh CLIENT [--check]: writes the list of packetsentry-fields(7) from the client's own table of fields. --check
# only compares, and has status 1 where the page's list is another one. Needs jq.
set -euo pipefail

client=${1:?"usage: fields.sh CLIENT [--check]"}
page=$(dirname "${BASH_SOURCE[0]}")/packetsentry-fields.7
begin='.\" The list begins here; fields.sh writes it.'
end='.\" The list ends here.'

# An item a field: its path, then its number, its kind, its meaning and Wireshark's names.
list() {
    "$client" --json fields | jq -r '
        def joined: if length < 2 then join("") else (.[:-1] | join(", ")) + " and " + last end;
        ".It Li \(.path)",
        "(\(.number): \(.kind)\(if .list then ", list" else "" end)\(if .keyword then ", a string in JSON" else "" end)\(if .tables == ["packets"] then "" else ", of \(.tables | joined)" end)\(if .quiet then ", not in JSON" else "" end))",
        "\(.meaning)." + "",
        (if .wireshark == [] then empty else "In Wireshark:", ".Li \(.wireshark | join(" , ")) ." end)'
}

written() {
    sed "/^$(printf '%s' "$begin" | sed 's/[].[*^$\/\\]/\\&/g')\$/q" "$page"
    list
    sed -n "/^$(printf '%s' "$end" | sed 's/[].[*^$\/\\]/\\&/g')\$/,\$p" "$page"
}

new=$(written)
if [[ ${2:-} == --check ]]; then
    diff -u "$page" <(printf '%s\n' "$new") || { echo "$0 CLIENT writes the list anew" >&2; exit 1; }
else
    printf '%s\n' "$new" >"$page"
fi
