#include "ctl/commands/command_line.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "ctl/commands/commands.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;
using Arguments = std::vector<std::string>;

TEST(CommandLine, MistakesAndTheirCodes) {
    struct Case {
        Arguments arguments;
        ErrorCode code;
        const char* message;  // a part of it
    };
    const Case cases[] = {
        {{}, ErrorCode::usage, "--help"},
        {{"nonsense"}, ErrorCode::usage, "nonsense"},
        {{"start"}, ErrorCode::usage, "start needs an interface"},
        {{"-i", "eth0", "--nonsense"}, ErrorCode::usage, "packetsentryctl start --help"},
        {{"-i", "eth0", "-c", "x"}, ErrorCode::usage, "-c"},
        {{"-i", "eth0", "-a", "duration:x"}, ErrorCode::usage, "'x' is not a duration"},
        {{"-i", "eth0", "-a", "filesize:1MiB"}, ErrorCode::usage, "name it with -o"},
        {{"-i", "eth0", "-o", "x.txt"}, ErrorCode::usage, ".pcap, .cap or .pcapng"},
        {{"-i", "eth0", "-f", "nonsense"}, ErrorCode::filter, "--bpf"},
        {{"-i", "eth0", "--filter-ip", "example.com"}, ErrorCode::filter, "numeric"},
        {{"-i", "eth0", "--filter-port", "65536"}, ErrorCode::filter, "65536"},
        {{"-i", "eth0", "--filter-port", "0"}, ErrorCode::filter, "'0' is not a port"},
        {{"-i", "eth0", "--filter-port", "-1"}, ErrorCode::filter, "'-1' is not a port"},
        {{"-i", "eth0", "--bpf", "tcp\xff"}, ErrorCode::filter, "UTF-8"},
        {{"--time-format", "x", "-i", "eth0"}, ErrorCode::usage, "udoy"},
        {{"-r", "/nonexistent.pcap"}, ErrorCode::file, "No such file"},
        {{"-r", "/"}, ErrorCode::file, "a directory"},
        {{"read"}, ErrorCode::usage, "packetsentryctl read --help"},
        {{"stop"}, ErrorCode::usage, "--all"},
        {{"stop", "3", "--all"}, ErrorCode::usage, "--all"},
        {{"filter", "3"}, ErrorCode::usage, "--none"},
        {{"filter", "3", "--none", "-f", "dns"}, ErrorCode::usage, "--none"},
        {{"show"}, ErrorCode::usage, "packetsentryctl show --help"},
        {{"-i", "eth0", "-c"}, ErrorCode::usage, "--count needs a value"},
        {{"help", "nonsense"}, ErrorCode::usage, "there is no command 'nonsense'"},
        {{"results", "x", "-c", "5"},
         ErrorCode::usage,
         "'results' has no option '-c'; see 'packetsentryctl results --help'"},
        {{"-i", "eth0", "--port", "53"}, ErrorCode::usage, "'start' has no option '--port'; see"},
        {{"-i", "eth0", "--port=53"}, ErrorCode::usage, "'start' has no option '--port'; see"},
        {{"results", "x", "y", "z"}, ErrorCode::usage, "'results' does not take 'y z'; see"},
        {{"list", "--", "y", "z"}, ErrorCode::usage, "'list' does not take 'y z'; see"},
        {{"policy", "check", "stop", "x", "port", "53"},
         ErrorCode::usage,
         "'policy' does not take 'port 53'"},
        {{"-r", "x.pcap", "-T", "fields"}, ErrorCode::usage, "-T fields -e frame.time_epoch"},
        {{"-r", "x.pcap", "-T", "fields", "-e", "ip.sr"}, ErrorCode::filter, "near it"},
        {{"read", "x.pcap", "--json", "-T", "csv"}, ErrorCode::usage, "cannot be used together"},
        {{"-i", "eth0", "-d", "-T", "csv"}, ErrorCode::usage, "-T does nothing with -d"},
        {{"-i", "eth0", "-d", "--names"}, ErrorCode::usage, "--names does nothing with -d"},
        {{"-i", "eth0", "-q", "--names"}, ErrorCode::usage, "and -q prints none"},
        {{"-r", "x.pcap", "-o", "-", "--names"}, ErrorCode::usage, "and '-o -' prints none"},
        {{"search", "-T", "csv", "--names"}, ErrorCode::usage, "-T csv has no place for names"},
        {{"results", "x", "--lines", "-T", "csv"}, ErrorCode::usage, "--lines and -T"},
        {{"follow", "x", "-e", "ip.src"}, ErrorCode::usage, "add -T fields or -T csv"},
        {{"search", "--since", "soon"}, ErrorCode::usage, "--since: 'soon' is not a time"},
        {{"search", "--bpf", "port 53"}, ErrorCode::usage, "search does not take --bpf"},
        {{"search", "-o", "-", "-T", "csv"}, ErrorCode::usage, "name a file"},
        {{"search", "--json", "-v"}, ErrorCode::usage, "the format json has no lines"},
        {{"policy", "check", "start"}, ErrorCode::usage, "needs an interface"},
        {{"policy", "check", "stop"}, ErrorCode::usage, "needs a job"},
    };
    for (const Case& one : cases) {
        const auto done = run_command_line(one.arguments);
        ASSERT_FALSE(done) << one.message;
        EXPECT_EQ(done.error().code, one.code) << done.error().message;
        EXPECT_NE(done.error().message.find(one.message), std::string::npos) << done.error().message;
        EXPECT_EQ(done.error().message.find('\n'), std::string::npos);
    }
}

// Habits from tcpdump, dumpcap and tshark are answered with what there is here.
TEST(CommandLine, ForeignWordsAreAnswered) {
    const std::pair<Arguments, const char*> kCases[] = {
        {{"-i", "eth0", "port", "53"}, "a filter needs its option here: --bpf 'port 53'"},
        {{"-i", "eth0", "port 53"}, "a filter needs its option here: --bpf 'port 53'"},
        {{"start", "-i", "eth0", "-c", "5", "not", "port", "22"}, "--bpf 'not port 22'"},
        {{"-i", "eth0", "host", "it's"}, "--bpf 'host it'\\''s'"},
        {{"-i", "eth0", "dns"}, "a filter needs its option here: -f dns"},
        {{"-r", "x.pcap", "tcp", "port", "80"}, "--bpf 'tcp port 80'"},
        {{"read", "x.pcap", "port", "80"}, "--bpf 'port 80'"},
        {{"filter", "night", "port", "80"}, "--bpf 'port 80'"},
        {{"policy", "check", "start", "-i", "eth0", "port", "53"},
         "a filter needs its option here: --bpf 'port 53'"},
        {{"policy", "check", "start", "port 53", "-i", "eth0"}, "--bpf 'port 53'"},
        {{"policy", "check", "start", "not", "-i", "eth0", "port", "22"}, "--bpf 'not port 22'"},
        {{"policy", "check", "start", "-i", "eth0", "dns"}, "a filter needs its option here: -f dns"},
        {{"policy", "check", "start", "dns"}, "a filter needs its option here: -f dns"},
        {{"-i", "eth0", "-C", "10"}, "there is no option -C: write -b filesize:10MB with -o FILE"},
        {{"-i", "eth0", "-C10", "-W", "5"}, "no option -C and -W: write -b filesize:10MB -b files:5 with"},
        {{"-W", "5", "-i", "eth0"},
         "write -b files:5 with -o FILE to save to several files, and -b filesize:"},
        {{"-i", "eth0", "-nG", "60"}, "there is no option -G: write -b duration:60s with"},
        {{"-i", "eth0", "-C", "many"}, "-b filesize:100MB"},
        {{"-i", "eth0", "-b", "filesize:10"}, "as in 10MiB"},
        {{"-r", "x.pcap", "ip.src == 192.0.2.7"}, "-Y 'ip.src == 192.0.2.7'"},
        {{"-r", "x.pcap", "-R", "http"}, "-Y takes a display filter"},
        {{"search", "dns"}, "a filter needs its option here: -f dns"},
        {{"search", "--since", "1h", "ip.src == 192.0.2.7"}, "-Y 'ip.src == 192.0.2.7'"},
        {{"search", "port", "53"},
         "a filter needs its option here: -f, --filter-ip, --filter-port, --name or -Y"},
        {{"search", "--since", "10m", "ago"}, "a time of two words needs quotes here: --since '10m ago'"},
        {{"search", "--since", "2h", "--until", "yesterday", "03:00", "-f", "dns"},
         "--until 'yesterday 03:00'"},
        {{"-i", "eth0", "-O", "dns"}, "-v shows the fields of all layers"},
    };
    for (const auto& [arguments, part] : kCases) {
        const auto done = run_command_line(arguments);
        ASSERT_FALSE(done) << part;
        EXPECT_EQ(done.error().code, ErrorCode::usage);
        EXPECT_NE(done.error().message.find(part), std::string::npos) << done.error().message;
        EXPECT_EQ(done.error().message.find('\n'), std::string::npos);
    }
}

TEST(CommandLine, HelpIsACommand) {
    const auto printed = [](const Arguments& arguments) {
        testing::internal::CaptureStdout();
        EXPECT_TRUE(run_command_line(arguments));
        return testing::internal::GetCapturedStdout();
    };
    EXPECT_EQ(printed({"help"}), printed({"--help"}));
    for (const Command& command : commands::table())
        EXPECT_EQ(printed({"help", command.name}), printed({command.name, "--help"}));
}

TEST(CommandLine, WithoutADaemonEveryCommandTellsHowToStartOne) {
    const std::string socket = testing::TempDir() + "nobody-listens.sock";
    const Arguments commands[] = {
        {"-i", "eth0"},  {"stop", "--all"}, {"list"},   {"show", "1"},
        {"follow", "1"}, {"results", "1"},  {"search"}, {"filter", "1", "-f", "dns"},
        {"-D"},          {"interfaces"},    {"status"},
    };
    for (Arguments arguments : commands) {
        arguments.insert(arguments.end(), {"--socket", socket});
        const auto done = run_command_line(arguments);
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, ErrorCode::unreachable);
        EXPECT_EQ(done.error().message,
                  "cannot reach packetsentryd at " + socket +
                      ": No such file or directory; start it with 'sudo packetsentryd --socket " + socket +
                      "'");
    }
}

TEST(CommandLine, TheEnvironmentNamesTheSocket) {
    ::setenv("PACKETSENTRY_SOCKET", "/nowhere/at-all.sock", 1);
    const auto done = run_command_line({"list"});
    ::unsetenv("PACKETSENTRY_SOCKET");
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().message.find("/nowhere/at-all.sock"), std::string::npos);
}

TEST(CommandLine, EveryCommandHasHelpWithExamples) {
    for (const Command& command : commands::table()) {
        testing::internal::CaptureStdout();
        EXPECT_TRUE(run_command_line({command.name, "--help"}));
        const std::string help = testing::internal::GetCapturedStdout();
        EXPECT_NE(help.find(command.summary), std::string::npos) << help;
        EXPECT_NE(help.find(std::string("  packetsentryctl ") + command.name), std::string::npos) << help;
    }
}

}  // namespace
}  // namespace packetsentry::ctl
