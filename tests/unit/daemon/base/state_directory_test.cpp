#include "daemon/base/state_directory.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>

#include "tests/support/temporary_directory.h"

namespace packetsentry::base {
namespace {

using namespace std::chrono_literals;

struct StateDirectoryTest : testing::Test {
    static Result<StateDirectory> opened(const std::string& path) {
        return StateDirectory::open(path, ::geteuid(), ::getegid());
    }
    [[nodiscard]] StateDirectory state() const { return opened(directory).value(); }
    static std::string refusal(const std::string& path) {
        const auto state = opened(path);
        EXPECT_FALSE(state) << path;
        EXPECT_TRUE(state || state.error().code == ErrorCode::file) << "it must end the start";
        return state ? "" : state.error().message;
    }
    static mode_t mode(const std::string& path) {
        struct stat status {};
        EXPECT_EQ(::stat(path.c_str(), &status), 0);
        return status.st_mode & 0777;
    }
    const test::TemporaryDirectory temporary;
    const std::string& directory = temporary.path();
    const std::string path = directory + "/file";
};

TEST_F(StateDirectoryTest, GivesBackWhatWasPut) {
    const std::string bytes("a\0b\n", 4);
    ASSERT_TRUE(state().replace_file("file", bytes));
    EXPECT_EQ(state().read_file("file", 4).value(), bytes);
    ASSERT_TRUE(state().replace_file("file", ""));
    EXPECT_EQ(state().read_file("file", 4).value(), "");
    EXPECT_FALSE(std::filesystem::exists(path + ".new"));
    state().remove("file");
    EXPECT_EQ(state().read_file("file", 4).value(), std::nullopt);
}

TEST_F(StateDirectoryTest, IsMadeWithItsFilesForItsOwnerAlone) {
    const auto made = opened(directory + "/made");
    ASSERT_TRUE(made);
    ASSERT_TRUE(made->replace_file("file", "x"));
    ASSERT_TRUE(made->subdirectory("jobs"));
    EXPECT_EQ(mode(directory + "/made"), 0700U);
    EXPECT_EQ(mode(directory + "/made/jobs"), 0700U);
    EXPECT_EQ(mode(directory + "/made/file"), 0600U);
}

TEST_F(StateDirectoryTest, IsTakenFromThoseWhoCouldReadIt) {
    ::chmod(directory.c_str(), 0755);
    ASSERT_TRUE(opened(directory));
    EXPECT_EQ(mode(directory), 0700U);
}

TEST_F(StateDirectoryTest, IsRefusedWhereOthersMayHavePreparedIt) {
    for (const mode_t mode : {0770U, 0702U, 01777U}) {
        ::chmod(directory.c_str(), mode);
        EXPECT_NE(refusal(directory).find("can be written by others"), std::string::npos);
    }
    ::chmod(directory.c_str(), 0700);
    std::filesystem::create_directory_symlink(directory, directory + "/link");
    EXPECT_NE(refusal(directory + "/link").find("is a symbolic link"), std::string::npos);
    std::ofstream(path) << "";
    EXPECT_NE(refusal(path).find("not a directory"), std::string::npos);
    if (::geteuid() != 0) return;
    std::filesystem::create_directory(directory + "/theirs");
    ASSERT_EQ(::chown((directory + "/theirs").c_str(), 65534, 65534), 0);
    EXPECT_NE(refusal(directory + "/theirs").find("belongs to uid 65534"), std::string::npos);
    EXPECT_NE(refusal(directory + "/theirs/below").find("can be written by users other than root"),
              std::string::npos);
    EXPECT_TRUE(StateDirectory::open(directory + "/theirs", 65534, 65534)) << "it is the daemon's own user's";
}

TEST_F(StateDirectoryTest, WhatIsInItIsNoLinkAndNobodyElses) {
    std::filesystem::create_directory(directory + "/elsewhere");
    std::filesystem::create_directory_symlink(directory + "/elsewhere", directory + "/jobs");
    EXPECT_FALSE(state().subdirectory("jobs"));
    std::filesystem::remove(directory + "/jobs");
    ASSERT_TRUE(state().subdirectory("jobs"));
    ::chmod((directory + "/jobs").c_str(), 0777);
    EXPECT_FALSE(state().subdirectory("jobs"));
    ASSERT_TRUE(state().replace_file("file", "x"));
    ::chmod(path.c_str(), 0620);
    EXPECT_FALSE(state().read_file("file", 10));
    if (::geteuid() != 0) return;
    ::chmod(path.c_str(), 0600);
    ASSERT_EQ(::chown(path.c_str(), 65534, 65534), 0);
    EXPECT_FALSE(state().read_file("file", 10));
}

// What is written goes into the directory that was opened, wherever its name leads by now.
TEST_F(StateDirectoryTest, NobodyPutsAnotherInItsPlace) {
    const auto made = opened(directory + "/made").value();
    std::filesystem::rename(directory + "/made", directory + "/away");
    std::filesystem::create_directory(directory + "/trap");
    std::filesystem::create_directory_symlink(directory + "/trap", directory + "/made");
    ASSERT_TRUE(made.replace_file("file", "x"));
    EXPECT_TRUE(std::filesystem::is_empty(directory + "/trap"));
    EXPECT_TRUE(std::filesystem::exists(directory + "/away/file"));
}

// A link that waits under the name of the file beside leads nowhere either.
TEST_F(StateDirectoryTest, ALinkInTheWayIsReplacedNotFollowed) {
    std::ofstream(directory + "/precious") << "precious";
    std::filesystem::create_symlink(directory + "/precious", path + ".new");
    std::filesystem::create_symlink(directory + "/precious", path);
    ASSERT_TRUE(state().replace_file("file", "x"));
    EXPECT_EQ(std::filesystem::file_size(directory + "/precious"), 8U);
    EXPECT_EQ(state().read_file("file", 10).value(), "x");
}

TEST_F(StateDirectoryTest, OneThatIsMissingIsNoError) {
    const auto read = state().read_file("file", 10);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, std::nullopt);
}

TEST_F(StateDirectoryTest, OneThatIsTooLongALinkOrAPipeIs) {
    ASSERT_TRUE(state().replace_file("file", "12345"));
    EXPECT_FALSE(state().read_file("file", 4));
    std::filesystem::create_symlink(path, directory + "/link");
    EXPECT_FALSE(state().read_file("link", 10));
    ASSERT_EQ(::mkfifo((directory + "/fifo").c_str(), 0600), 0);
    EXPECT_FALSE(state().read_file("fifo", 10));
}

TEST_F(StateDirectoryTest, WhereItCannotBeWrittenTheOldOneStays) {
    ASSERT_TRUE(state().replace_file("file", "old"));
    std::filesystem::create_directory(path + ".new");  // in the way
    const auto replaced = state().replace_file("file", "new");
    ASSERT_FALSE(replaced);
    EXPECT_EQ(replaced.error().code, ErrorCode::file);
    EXPECT_EQ(state().read_file("file", 10).value(), "old");
    EXPECT_FALSE(state().replace_file("none/file", "x"));
}

TEST_F(StateDirectoryTest, WithoutADirectoryNothingIsKept) {
    const StateDirectory none;
    EXPECT_FALSE(none);
    EXPECT_TRUE(none.replace_file("file", "x"));
    EXPECT_EQ(none.read_file("file", 10).value(), std::nullopt);
    EXPECT_TRUE(none.names().empty());
    EXPECT_FALSE(none.subdirectory("jobs").value());
    none.touch("file");
    none.remove("file");
    EXPECT_EQ(none.changed_ns("file"), 0);
}

// In a process of its own, and a new one: those of a fork() beside threads cannot allocate.
class StateDirectoryDeathTest : public StateDirectoryTest {
  protected:
    void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

constexpr std::size_t kKills = 150, kMostKills = 8 * kKills;
const std::array kStates = {std::string(9'000, 'a'), std::string(70'000, 'b')};

[[noreturn]] void replace_for_ever(const StateDirectory& state, std::size_t first) {
    for (std::size_t i = first;; ++i)
        if (!state.replace_file("file", kStates[i % 2])) ::_exit(1);
}

// On a disk it takes milliseconds, in memory a few microseconds.
std::chrono::nanoseconds time_of_four(const StateDirectory& state) {
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < 4; ++i) (void)state.replace_file("file", kStates[i % 2]);
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
    [[nodiscard]] bool at_every_place() const { return found[0] > 0 && found[1] > 0 && beside > 0; }
};

Killed kill_writers(const StateDirectory& state, const std::string& path) {
    Killed killed;
    std::minstd_rand random(4711);  // NOLINT: the same in each run, as far as times can be
    auto longest = time_of_four(state);
    for (std::size_t i = 0; i < kKills || (i < kMostKills && !killed.at_every_place()); ++i) {
        // On a machine that is busy a writer may not even have begun by then.
        if (i > 0 && i % kKills == 0) longest *= 2;
        const pid_t writer = ::fork();
        if (writer == 0) replace_for_ever(state, i);
        wait_up_to(longest, random);
        ::kill(writer, SIGKILL);
        int status = 0;
        ::waitpid(writer, &status, 0);
        if (!WIFSIGNALED(status)) std::cerr << "a writer ended by itself\n";
        const auto read = state.read_file("file", kStates[1].size());
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
void expect_whole_whenever_killed(const StateDirectory& state, const std::string& path) {
    const Killed killed = kill_writers(state, path);
    std::cerr << killed.torn << " torn, " << killed.found[0] << " and " << killed.found[1] << " whole, "
              << killed.beside << " with a file beside, at most " << killed.most_files << " files\n";
    const bool next =
        state.replace_file("file", "next").has_value() && !std::filesystem::exists(path + ".new");
    std::filesystem::remove_all(std::filesystem::path(path).parent_path());
    ::_exit(killed.torn == 0 && killed.most_files <= 2 && killed.at_every_place() && next ? 0 : 1);
}

TEST_F(StateDirectoryDeathTest, IsOldOrNewWheneverItsWriterIsKilled) {
    ASSERT_TRUE(state().replace_file("file", kStates[0]));
    EXPECT_EXIT(expect_whole_whenever_killed(state(), path), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace packetsentry::base
