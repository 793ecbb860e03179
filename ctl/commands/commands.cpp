#include "ctl/commands/commands.h"

#include <array>

#include "ctl/output/screen.h"

namespace packetsentry::ctl {
namespace {

constexpr std::array kCommands = {
    Command{"start", "Capture packets on interfaces",
            "Examples:\n"
            "  packetsentryctl start -i eth0 -f dns                 until Ctrl-C\n"
            "  packetsentryctl start -i eth0 -Y 'dns.qry.name contains \"printer\"'\n"
            "  packetsentryctl start -i eth0 -i wlan0 -c 100        a hundred packets of both interfaces "
            "together\n"
            "  packetsentryctl start -i any --filter-ip 192.0.2.7 -o host.pcapng -a duration:10m\n"
            "  packetsentryctl start -i eth0 --bpf 'tcp[tcpflags] & tcp-syn != 0' --json\n"
            "  packetsentryctl start -i eth0 -d --name night        in the background; prints its id\n"
            "  packetsentryctl start -i eth0 -f http -A             with the text of each packet\n"
            "  packetsentryctl start -i eth0 --names                with names that were seen for addresses\n"
            "  packetsentryctl start -i eth0 -d --keep rows:30d     what search finds later\n"
            "Captured packets hold other people's data: capture only where you may.",
            commands::prepare_start},
    Command{
        "read", "Read a pcap or pcapng file, without the daemon",
        "Examples:\n"
        "  packetsentryctl read capture.pcap\n"
        "  packetsentryctl read capture.pcap -Y 'tcp.flags.syn == 1 and ip.src == 192.0.2.0/24'\n"
        "  packetsentryctl read capture.pcapng.zst -f http -o web.pcap\n"
        "  packetsentryctl read capture.pcap --redact addresses -o shared.pcap\n"
        "  packetsentryctl read capture.pcap -T fields -e frame.time_epoch -e ip.src -e dns.qry.name\n"
        "  packetsentryctl read capture.pcap -T csv > table.csv\n"
        "  packetsentryctl read capture.pcap --packet 42 -v -X   the inside of packet 42\n"
        "  packetsentryctl read capture.pcap --table flows -v    the conversations\n"
        "  packetsentryctl read capture.pcap --table dns         the questions of DNS with their answers\n"
        "  packetsentryctl read capture.pcap --table http -Y 'http.response.status_code >= 400'\n"
        "  packetsentryctl read capture.pcap --table flows --names   who talks to whom, by name\n"
        "  packetsentryctl read capture.pcap --flow 1:LQU9qZlK+B5F3KDmev6m5PMibrg=\n"
        "  zcat old.pcap.gz | packetsentryctl read - --json | jq .dns.question.name",
        commands::prepare_read},
    Command{"stop", "End jobs",
            "Examples:\n"
            "  packetsentryctl stop 3\n"
            "  packetsentryctl stop night evening\n"
            "  packetsentryctl stop --all",
            commands::prepare_stop},
    Command{"list", "List the jobs",
            "Examples:\n"
            "  packetsentryctl list\n"
            "  packetsentryctl list --running --no-legend\n"
            "  packetsentryctl list --json | jq -r 'select(.state == \"running\") | .id'",
            commands::prepare_list},
    Command{"show", "Show one job with all its counters",
            "Examples:\n"
            "  packetsentryctl show 3\n"
            "  packetsentryctl show night --json",
            commands::prepare_show},
    Command{
        "follow", "Print new packets of a job as they are captured",
        "Examples:\n"
        "  packetsentryctl follow night\n"
        "  packetsentryctl follow night --from-start --json\n"
        "  packetsentryctl follow night -Y 'http.response.code >= 400'\n"
        "  packetsentryctl follow night --names                  with names that were seen for addresses\n"
        "Ctrl-C ends only the output; the job continues.",
        commands::prepare_follow},
    Command{"results", "Print the packets of a job that the daemon still keeps",
            "Examples:\n"
            "  packetsentryctl results 3 > results.txt\n"
            "  packetsentryctl results night --lines -Y 'dns.flags.rcode != 0'\n"
            "  packetsentryctl results night -v                      the fields of each packet\n"
            "  packetsentryctl results night --json\n"
            "  packetsentryctl results night --lines --flow 1:LQU9qZlK+B5F3KDmev6m5PMibrg=\n"
            "  packetsentryctl results night -T csv -e @timestamp -e source.ip -e dns.question.name",
            commands::prepare_results},
    Command{
        "search", "Find packets of the past among those that are kept",
        "Examples:\n"
        "  packetsentryctl search --since '10m ago' -f dns\n"
        "  packetsentryctl search --since 'yesterday 03:00' --until 'yesterday 04:00' --filter-ip 192.0.2.7\n"
        "  packetsentryctl search --since monday --name '*.example.org' --job night\n"
        "  packetsentryctl search --since 2h -Y 'tcp.flags.syn == 1' -o syn.pcapng\n"
        "  packetsentryctl search --filter-port 22 --last 20 -v\n"
        "  packetsentryctl search --since today -Y 'icmp.type == 3' --context 5s\n"
        "  packetsentryctl search --since today -f http --json | jq .url.domain\n"
        "  packetsentryctl search --since 1d --table flows --names        who talked to whom, by name\n"
        "  packetsentryctl search --since 1d --flow 1:LQU9qZlK+B5F3KDmev6m5PMibrg=   one conversation\n"
        "Nothing is captured. Standard error says what was found, what is no longer kept, and what you may "
        "not see.",
        commands::prepare_search},
    Command{"purge", "Remove packets and rows of the past",
            "Examples:\n"
            "  packetsentryctl purge --job night --before '30d ago' --dry-run\n"
            "  packetsentryctl purge --job night --before 2025-05-15\n"
            "  packetsentryctl purge --job 3 --before now --whole --yes\n"
            "Whole segments are removed, at most an hour each. This is written to the journal.",
            commands::prepare_purge},
    Command{"filter", "Change the filter of a running job; no packet is lost or shown twice",
            "Examples:\n"
            "  packetsentryctl filter night -f dns\n"
            "  packetsentryctl filter night -Y 'tls.handshake.extensions_server_name contains \"example\"'\n"
            "  packetsentryctl filter night --filter-ip 192.0.2.0/24 --filter-port 443\n"
            "  packetsentryctl filter night --none\n"
            "If the new filter is refused, the job keeps its filter.",
            commands::prepare_filter},
    Command{
        "renew", "Start the lifetime of a job again, where the policy limits it",
        "Examples:\n"
        "  packetsentryctl renew night\n"
        "  packetsentryctl list --json | jq -r 'select(.expires) | .id' | xargs -n 1 packetsentryctl renew\n"
        "'packetsentryctl list' shows when a job ends.",
        commands::prepare_renew},
    Command{"policy", "Show what the policy allows you, and which rule decides",
            "Examples:\n"
            "  packetsentryctl policy check                              everything that you are allowed\n"
            "  packetsentryctl policy check start -i eth0 -o night.pcap  whether this may start, and on "
            "which terms\n"
            "  packetsentryctl policy check results night\n"
            "  sudo packetsentryctl policy check --user alice start -i eth0\n"
            "Nothing is started or changed. Exit code: 0 allowed, 5 refused.",
            commands::prepare_policy},
    Command{
        "job", "Check the files of standing jobs, which the daemon runs by itself",
        "Examples:\n"
        "  packetsentryctl job check night.toml                      before it is put in place\n"
        "  packetsentryctl job check /etc/packetsentry/jobs.d/*.toml\n"
        "  packetsentryctl job check --json night.toml | jq -r .mistake\n"
        "For each file it prints what the job does, or what is wrong and in which line. Neither the daemon "
        "nor root is\n"
        "needed, and nothing is started. packetsentry-job.toml(5) describes the files. Exit code: 0 if all "
        "are right,\n"
        "1 a mistake in a file, 3 a file that cannot be read.",
        commands::prepare_job},
    Command{"interfaces", "List the interfaces that can be captured on",
            "Examples:\n"
            "  packetsentryctl interfaces\n"
            "  packetsentryctl interfaces --json | jq -r 'select(.up) | .name'",
            commands::prepare_interfaces},
    Command{"fields", "List the fields that a packet can have",
            "Examples:\n"
            "  packetsentryctl fields\n"
            "  packetsentryctl fields dns                  fields with 'dns' in their name or meaning\n"
            "  packetsentryctl fields ip.src               fields that Wireshark calls so\n"
            "  packetsentryctl fields --json | jq -r .path",
            commands::prepare_fields},
    Command{"explain", "Show what a filter means, and where it is decided",
            "Examples:\n"
            "  packetsentryctl explain -Y 'ip.addr == 192.0.2.7 and not dns'\n"
            "  packetsentryctl explain -f http -Y 'http.request.method == POST'\n"
            "  packetsentryctl explain -Y 'tcp.flags.syn' --json | jq -r '.fields[].paths[]'\n"
            "Nothing is captured.",
            commands::prepare_explain},
    Command{"status", "Show the state of the daemon",
            "Examples:\n"
            "  packetsentryctl status\n"
            "  packetsentryctl status --json",
            commands::prepare_status},
    Command{"doctor", "Check everything that a capture needs, and say how to fix what is wrong",
            "Examples:\n"
            "  packetsentryctl doctor\n"
            "  packetsentryctl doctor --json | jq -r 'select(.result == \"fail\") | .mend'\n"
            "Exit code: 0 if nothing failed, otherwise the code of the first failure.",
            commands::prepare_doctor},
    Command{"help", "Show the help of packetsentryctl or of one command",
            "Examples:\n"
            "  packetsentryctl help\n"
            "  packetsentryctl help start",
            commands::prepare_help},
};

}  // namespace

std::span<const Command> commands::table() {
    return kCommands;
}

base::Result<void> commands::print(std::string_view text) {
    return Screen(Screen::Use::shown, false).write(text);
}

}  // namespace packetsentry::ctl
