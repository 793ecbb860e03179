# Completion of packetsentryctl for fish. What can stand where, the program itself knows;
# packetsentryctl.bash says what it prints.

function __packetsentryctl_candidates
    set -l words (commandline -opc)
    set -l program (string replace -r '^~/' ~/ -- $words[1])
    set -e words[1]
    set -l current (commandline -ct)
    set -l lines (command $program complete -- $words "$current" 2>/dev/null)
    if not string match -q ':*' -- "$lines[1]"
        string join \n -- $lines
        return
    end
    set -l paths (string split -m 1 \t -- $lines[1])
    set -l begun (string sub -s (math 1 + (string length -- "$paths[2]")) -- "$current")
    if test $paths[1] = :files
        string join \n -- $paths[2](complete -C "'' $begun")
    else
        string join \n -- $paths[2](__fish_complete_directories $begun)
    end
end

complete -c packetsentryctl -f -a '(__packetsentryctl_candidates)'
