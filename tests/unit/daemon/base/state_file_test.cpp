#include "daemon/base/state_file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>

namespace packetsentry::base {
namespace {

using namespace std::chrono_literals;

struct StateFileTest : testing::Test {
    StateFileTest() {
        std::string pattern = testing::TempDir() + "state-XXXXXX";
        directory = ::mkdtemp(pattern.data());
        path = directory + "/file";
    }
    ~StateFileTest() override { std::filesystem::remove_all(directory); }
    std::string directory;
    std::string path;
};

TEST_F(StateFileTest, GivesBackWhatWasPut) {
    const std::string bytes("a\0b\n", 4);
    ASSERT_TRUE(replace_file(path, bytes));
    EXPECT_EQ(read_file(path, 4).value(), bytes);
    ASSERT_TRUE(replace_file(path, ""));
    EXPECT_EQ(read_file(path, 4).value(), "");
    EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST_F(StateFileTest, IsForItsOwnerAlone) {
    ASSERT_TRUE(replace_file(path, "x"));
    struct stat status {};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(StateFileTest, OneThatIsMissingIsNoError) {
    const auto read = read_file(path, 10);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, std::nullopt);
}

TEST_F(StateFileTest, OneThatIsTooLongOrALinkIs) {
    ASSERT_TRUE(replace_file(path, "12345"));
    EXPECT_FALSE(read_file(path, 4));
    std::filesystem::create_symlink(path, directory + "/link");
    EXPECT_FALSE(read_file(directory + "/link", 10));
}

TEST_F(StateFileTest, WhereItCannotBeWrittenTheOldOneStays) {
    ASSERT_TRUE(replace_file(path, "old"));
    std::filesystem::create_directory(path + ".new");  // in the way
    const auto replaced = replace_file(path, "new");
    ASSERT_FALSE(replaced);
    EXPECT_EQ(replaced.error().code, ErrorCode::file);
    EXPECT_EQ(read_file(path, 10).value(), "old");
    EXPECT_FALSE(replace_file(directory + "/none/file", "x"));
}

// In a process of its own, and a new one: those of a fork() beside threads cannot allocate.
class StateFileDeathTest : public StateFileTest {
  protected:
    void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

constexpr std::size_t kKills = 150;
const std::array kStates = {std::string(9'000, 'a'), std::string(70'000, 'b')};

[[noreturn]] void replace_for_ever(const std::string& path, std::size_t first) {
    for (std::size_t i = first;; ++i)
        if (!replace_file(path, kStates[i % 2])) ::_exit(1);
}

// On a disk it takes milliseconds, in memory a few microseconds.
std::chrono::nanoseconds time_of_four(const std::string& path) {
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < 4; ++i) (void)replace_file(path, kStates[i % 2]);
    return std::max<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - begin, 1ms);
}

void wait_up_to(std::chrono::nanoseconds longest, std::minstd_rand& random) {
    const timespec some{
        0, std::uniform_int_distribution<long>(0, std::min(longest.count(), 99'999'999L))(random)};
    ::nanosleep(&some, nullptr);
}

struct Killed {
    int torn = 0;
    std::array<int, 2> found{};  // which of the two states
    int beside = 0;              // left half written, or not renamed
    std::ptrdiff_t most_files = 0;
};

Killed kill_writers(const std::string& path) {
    Killed killed;
    std::minstd_rand random(4711);  // NOLINT: the same in each run, as far as times can be
    const auto longest = time_of_four(path);
    for (std::size_t i = 0; i < kKills; ++i) {
        const pid_t writer = ::fork();
        if (writer == 0) replace_for_ever(path, i);
        wait_up_to(longest, random);
        ::kill(writer, SIGKILL);
        int status = 0;
        ::waitpid(writer, &status, 0);
        if (!WIFSIGNALED(status)) std::cerr << "a writer ended by itself\n";
        const auto read = read_file(path, kStates[1].size());
        if (read && *read && **read == kStates[0])
            ++killed.found[0];
        else if (read && *read && **read == kStates[1])
            ++killed.found[1];
        else
            ++killed.torn;
        if (std::filesystem::exists(path + ".new")) ++killed.beside;
        const auto directory = std::filesystem::path(path).parent_path();
        killed.most_files =
            std::max(killed.most_files, std::distance(std::filesystem::directory_iterator(directory), {}));
    }
    return killed;
}

// Old or new, never torn; what is left beside it is one file, gone with the next write.
void expect_whole_whenever_killed(const std::string& path) {
    const Killed killed = kill_writers(path);
    std::cerr << killed.torn << " torn, " << killed.found[0] << " and " << killed.found[1] << " whole, "
              << killed.beside << " with a file beside, at most " << killed.most_files << " files\n";
    const bool hit = killed.found[0] > 0 && killed.found[1] > 0 && killed.beside > 0;
    const bool next = replace_file(path, "next").has_value() && !std::filesystem::exists(path + ".new");
    std::filesystem::remove_all(std::filesystem::path(path).parent_path());
    ::_exit(killed.torn == 0 && killed.most_files <= 2 && hit && next ? 0 : 1);
}

TEST_F(StateFileDeathTest, IsOldOrNewWheneverItsWriterIsKilled) {
    ASSERT_TRUE(replace_file(path, kStates[0]));
    EXPECT_EXIT(expect_whole_whenever_killed(path), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace packetsentry::base
