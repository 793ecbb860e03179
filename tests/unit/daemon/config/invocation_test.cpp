#include "daemon/config/invocation.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <vector>

namespace packetsentry::config {
namespace {

base::Result<Invocation> parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "packetsentryd");
    return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

std::string small_file() {
    std::string path = testing::TempDir() + "command-line-" + std::to_string(::getpid()) + ".toml";
    std::ofstream(path) << "group = 'fromfile'\nuser = 'fromfile'\n";
    return path;
}

TEST(CommandLine, FlagBeatsFileBeatsDefault) {
    const std::string file = small_file();
    const auto invocation = parse({"--config", file.c_str(), "--group", "flag", "--state-dir", "d"});
    ASSERT_TRUE(invocation);
    const auto& config = std::get<Config>(*invocation);
    EXPECT_EQ(config.group, "flag");
    EXPECT_EQ(config.user, "fromfile");
    EXPECT_EQ(config.state_dir, "d");
    EXPECT_EQ(config.socket, "/run/packetsentry/control.sock");
}

TEST(CommandLine, StandingJobsAreWhereItSays) {
    EXPECT_EQ(std::get<Config>(*parse({"--jobs-dir", "/srv/jobs"})).jobs_directory, "/srv/jobs");
    EXPECT_EQ(std::get<Config>(*parse({"--group", "g"})).jobs_directory, "/etc/packetsentry/jobs.d");
}

TEST(CommandLine, PrintsAndEnds) {
    const std::string file = small_file();
    const auto help = parse({"--help"});
    ASSERT_TRUE(help);
    EXPECT_NE(std::get<PrintAndEnd>(*help).text.find("Examples:"), std::string::npos);
    EXPECT_NE(std::get<PrintAndEnd>(*help).text.find("--state-dir DIR"), std::string::npos);
    EXPECT_EQ(std::get<PrintAndEnd>(*parse({"--version"})).text, "packetsentryd " PACKETSENTRY_VERSION "\n");
    EXPECT_EQ(std::get<CheckAndEnd>(*parse({"--config", file.c_str(), "--check-config"})).config.user,
              "fromfile");
}

TEST(CommandLine, RefusesMistakes) {
    EXPECT_EQ(parse({"--sockett", "x"}).error().code, base::ErrorCode::usage);
    EXPECT_EQ(parse({"--socket"}).error().code, base::ErrorCode::usage);
    EXPECT_EQ(parse({"extra"}).error().code, base::ErrorCode::usage);
    EXPECT_EQ(parse({"--config", "/nonexistent", "--check-config"}).error().code, base::ErrorCode::file);
}

}  // namespace
}  // namespace packetsentry::config
