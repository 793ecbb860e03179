#include "ctl/command_line.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "ctl/command.h"

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
        {{"-i", "eth0", "-a", "filesize:1MiB"}, ErrorCode::usage, "name one with -o"},
        {{"-i", "eth0", "-o", "x.txt"}, ErrorCode::usage, ".pcap or .pcapng"},
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
    };
    for (const Case& one : cases) {
        const auto done = run_command_line(one.arguments);
        ASSERT_FALSE(done) << one.message;
        EXPECT_EQ(done.error().code, one.code) << done.error().message;
        EXPECT_NE(done.error().message.find(one.message), std::string::npos) << done.error().message;
        EXPECT_EQ(done.error().message.find('\n'), std::string::npos);
    }
}

TEST(CommandLine, WithoutADaemonEveryCommandTellsHowToStartOne) {
    const std::string socket = testing::TempDir() + "nobody-listens.sock";
    const Arguments commands[] = {
        {"-i", "eth0"},
        {"stop", "--all"},
        {"list"},
        {"show", "1"},
        {"follow", "1"},
        {"results", "1"},
        {"filter", "1", "-f", "dns"},
        {"-D"},
        {"interfaces"},
        {"status"},
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
    for (const Command& command : command_table()) {
        testing::internal::CaptureStdout();
        EXPECT_TRUE(run_command_line({command.name, "--help"}));
        const std::string help = testing::internal::GetCapturedStdout();
        EXPECT_NE(help.find(command.summary), std::string::npos) << help;
        EXPECT_NE(help.find(std::string("  packetsentryctl ") + command.name), std::string::npos) << help;
    }
}

}  // namespace
}  // namespace packetsentry::ctl
