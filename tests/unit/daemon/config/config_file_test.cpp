#include "daemon/config/config_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace packetsentry::config {
namespace {

std::string write_file(const std::string& text) {
    std::string path = testing::TempDir() + "config-file-" + std::to_string(::getpid()) + ".toml";
    std::ofstream(path) << text;
    return path;
}

TEST(ConfigFile, OverridesWhatItNames) {
    const std::string path = write_file(
        "socket = '/tmp/a.sock'\n"
        "log_level = 'debug'\n"
        "[jobs]\nmax = 7\nfinished_minutes = 5\n"
        "[clients]\nmax_per_user = 3\n"
        "[memory]\nwindow = '16MiB'\nring = 2097152\n");
    Config config;
    ASSERT_TRUE(read_config_file(path, config));
    EXPECT_EQ(config.socket, "/tmp/a.sock");
    EXPECT_EQ(config.log_level, "debug");
    EXPECT_EQ(config.max_jobs, 7U);
    EXPECT_EQ(config.finished_for, std::chrono::minutes(5));
    EXPECT_EQ(config.max_clients_per_user, 3U);
    EXPECT_EQ(config.window_bytes, 16U << 20);
    EXPECT_EQ(config.ring_bytes, 2U << 20);
    EXPECT_EQ(config.group, "packetsentry");
    EXPECT_EQ(config.max_clients, 256U);
}

TEST(ConfigFile, TheSpoolIsInTheStateDirectoryUnlessItIsNamed) {
    Config config;
    ASSERT_TRUE(read_config_text("state_dir = '/srv/state'", "a.toml", config));
    EXPECT_EQ(spool_directory(config), "/srv/state/spool");
    EXPECT_EQ(config.spool.sync_interval, std::chrono::seconds(10));
    EXPECT_EQ(config.spool.bytes, 0U);
    ASSERT_TRUE(
        read_config_text("[spool]\ndirectory = '/srv/packets'\nbytes = '200GiB'\n"
                         "free_disk = '5GiB'\nsync_interval = '2s'\nuser_bytes = '1GiB'\n",
                         "a.toml", config));
    EXPECT_EQ(spool_directory(config), "/srv/packets");
    EXPECT_EQ(config.spool.bytes, 200ULL << 30);
    EXPECT_EQ(config.spool.free_disk, 5ULL << 30);
    EXPECT_EQ(config.spool.sync_interval, std::chrono::seconds(2));
    EXPECT_EQ(config.spool.user_bytes, 1ULL << 30);
}

struct Refusal {
    const char* text;
    const char* message;  // after the path
};

class ConfigFileRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(ConfigFileRefusal, TellsFileAndLine) {
    const std::string path = write_file(GetParam().text);
    Config config;
    const auto read = read_config_file(path, config);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, base::ErrorCode::usage);
    EXPECT_EQ(read.error().message, path + GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, ConfigFileRefusal,
    testing::Values(Refusal{"\nsocked = 'x'\n", ":2: unknown key 'socked'"},
                    Refusal{"[jobs]\nmaximum = 3\n", ":2: unknown key 'jobs.maximum'"},
                    Refusal{"[job]\nmax = 3\n", ":1: unknown key 'job'"},
                    Refusal{"socket = 3\n", ":1: 'socket' must be a text"},
                    Refusal{"group = ''\n", ":1: 'group' must be a text"},
                    Refusal{"jobs = 3\n", ":1: 'jobs' must be a table"},
                    Refusal{"[jobs]\nmax = '3'\n", ":2: 'jobs.max' must be a number from 1 to 1024"},
                    Refusal{"[jobs]\nmax = 0\n", ":2: 'jobs.max' must be a number from 1 to 1024"},
                    Refusal{"[jobs]\nmax = -1\n", ":2: 'jobs.max' must be a number from 1 to 1024"},
                    Refusal{"[memory]\nwindow = '1MiB'\n",
                            ":2: 'memory.window' must be a size such as \"64MiB\", from 8 to 65536 MiB"},
                    Refusal{"[spool]\nmemory_bytes = '1GiB'\n", ":2: unknown key 'spool.memory_bytes'"},
                    Refusal{"[spool]\nbytes = '1MiB'\n",
                            ":2: 'spool.bytes' must be a size such as \"64MiB\", from 64 to 1073741824 MiB"},
                    Refusal{"log_level = 'loud'\n",
                            ":1: 'log_level' must be debug, info, warning or error"}));

TEST(ConfigFile, TellsWhereTheSyntaxBreaks) {
    const std::string path = write_file("group = 'a'\nsocket = \n");
    Config config;
    const auto read = read_config_file(path, config);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().message.substr(0, path.size() + 4), path + ":2: ");
}

TEST(ConfigFile, AnEmptyOneChangesNothing) {
    Config config;
    const auto read = read_config_file(write_file(""), config);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(config.max_jobs, Config{}.max_jobs);
}

TEST(ConfigFile, TellsThatThereIsNone) {
    Config config;
    const auto read = read_config_file("/nonexistent/p.toml", config);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, base::ErrorCode::file);
    EXPECT_EQ(read.error().message, "the configuration: there is no file '/nonexistent/p.toml'");
    EXPECT_FALSE(read_config_file("/", config));
}

}  // namespace
}  // namespace packetsentry::config
