# Completion of packetsentryctl for bash. What can stand where, the program itself knows:
#
#   packetsentryctl complete -- WORD…     words up to the cursor; the last one, maybe empty, is completed
#
# prints ":files" or ":directories", a tab and what of the word stands before the path, where a path goes;
# then a candidate a line: the whole word, a tab, what it is. It never prints an error, and never waits for
# the daemon as long as a second.
# shellcheck shell=bash

# Sets words to those up to the cursor, and kept to what stays of the last one when bash replaces it: bash
# cuts words at = and : as well, so what no blank parts is put together again.
_packetsentryctl_words() {
    local rest=${COMP_LINE:0:COMP_POINT} piece gap i
    for ((i = 0; i <= COMP_CWORD; i++)); do
        gap=${rest%%[![:space:]]*}
        rest=${rest#"$gap"}
        piece=${COMP_WORDS[i]}
        ((i < COMP_CWORD)) || piece=$rest
        rest=${rest#"$piece"}
        kept=
        if [[ -n $gap || $i == 0 ]]; then
            words+=("$piece")
        else
            kept=${words[-1]}
            words[-1]+=$piece
        fi
    done
    [[ -n ${piece//[$COMP_WORDBREAKS]/} ]] || kept+=$piece
}

_packetsentryctl_paths() { # KIND BEFORE
    local action=file
    [[ $1 == :files ]] || action=directory
    mapfile -t COMPREPLY < <(compgen -A "$action" -- "${words[-1]#"$2"}")
    COMPREPLY=("${COMPREPLY[@]/#/$2}")
    compopt -o filenames
}

_packetsentryctl() {
    local program=${1/#\~\//$HOME/} words=() lines=() kept
    _packetsentryctl_words
    words=("${words[@]//[\"\'\\]/}")
    mapfile -t lines < <(command "$program" complete -- "${words[@]:1}" 2>/dev/null)
    COMPREPLY=("${lines[@]%%$'\t'*}")
    case ${COMPREPLY[0]} in
        :*) _packetsentryctl_paths "${COMPREPLY[0]}" "${lines[0]#*$'\t'}" ;;
        *:) compopt -o nospace ;;
    esac
    COMPREPLY=("${COMPREPLY[@]#"$kept"}")
}

complete -F _packetsentryctl packetsentryctl
