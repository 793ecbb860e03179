# Completion of packetsentryctl for bash. The program itself knows which words are possible:
#
#   packetsentryctl complete -- WORD…     the words up to the cursor; the last one, which may be empty, is completed
#
# If a path is possible, it first prints ":files" or ":directories", a tab, and the part of the word before the path.
# Then it prints a line for each candidate: the whole word, a tab, and a description. It never prints an error, and
# waits for the daemon less than a second.
# shellcheck shell=bash

# Sets words to the words up to the cursor, and kept to the part of the last word that bash does not replace. bash also
# splits words at = and :, so parts without a blank between them are joined again.
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
