#include "daemon/service/control_socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

namespace packetsentry::service {
namespace {

struct ControlSocketTest : testing::Test {
    ControlSocketTest() {
        std::string pattern = testing::TempDir() + "socket-XXXXXX";
        directory = ::mkdtemp(pattern.data());
        path = directory + "/run/control.sock";
    }
    ~ControlSocketTest() override { std::filesystem::remove_all(directory); }
    mode_t mode(const std::string& of) const {
        struct stat status {};
        EXPECT_EQ(::stat(of.c_str(), &status), 0);
        return status.st_mode & 07777;
    }
    std::string directory;
    std::string path;
};

TEST_F(ControlSocketTest, MakesItsDirectoryAndIsForItsGroupAlone) {
    const mode_t before = ::umask(0077);
    {
        const auto socket = ControlSocket::open(path, ::getegid(), ::geteuid());
        ASSERT_TRUE(socket) << socket.error().message;
        EXPECT_EQ(mode(path), 0660U);
        EXPECT_EQ(mode(directory + "/run"), 0755U);
        EXPECT_EQ(socket->group_trouble(), "");
        EXPECT_FALSE(socket->from_systemd());
    }
    EXPECT_EQ(::umask(before), 0077U);  // put back
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(ControlSocketTest, TheDirectoryThatItMadeIsGivenAwayAndNoOther) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    const auto owner = [&] {
        struct stat status {};
        EXPECT_EQ(::stat((directory + "/run").c_str(), &status), 0);
        return status.st_uid;
    };
    auto socket = ControlSocket::open(path, std::nullopt, 65534);
    ASSERT_TRUE(socket) << socket.error().message;
    EXPECT_TRUE(socket->give_directory(65534, 65534));
    EXPECT_EQ(owner(), 65534U);
    ASSERT_EQ(::chown((directory + "/run").c_str(), 0, 0), 0);
    auto second = ControlSocket::open(directory + "/run/second.sock", std::nullopt, 65534);
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->give_directory(65534, 65534));
    EXPECT_EQ(owner(), 0U) << "it was there before";
}

// Whoever owns the directory could put a link to any file in the socket's place.
TEST_F(ControlSocketTest, ADirectoryOfSomebodyElseIsRefused) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    std::filesystem::create_directory(directory + "/run");
    ASSERT_EQ(::chown((directory + "/run").c_str(), 65534, 65534), 0);
    const auto socket = ControlSocket::open(path, std::nullopt, 0);
    ASSERT_FALSE(socket);
    EXPECT_EQ(socket.error().code, base::ErrorCode::file);
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_TRUE(ControlSocket::open(path, std::nullopt, 65534)) << "its own user's is taken";
}

TEST_F(ControlSocketTest, ALivingDaemonIsLeftAlone) {
    const auto first = ControlSocket::open(path, std::nullopt, ::geteuid());
    ASSERT_TRUE(first);
    const auto second = ControlSocket::open(path, std::nullopt, ::geteuid());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, base::ErrorCode::usage);
    EXPECT_EQ(second.error().message, "another packetsentryd answers on '" + path + "'");
    EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(ControlSocketTest, ADeadOnesSocketIsReplaced) {
    {
        // Killed: its descriptor is gone, its file is not.
        auto dead = ControlSocket::open(path, std::nullopt, ::geteuid());
        ASSERT_TRUE(dead);
        std::filesystem::create_hard_link(path, path + ".kept");
    }
    std::filesystem::rename(path + ".kept", path);
    const auto socket = ControlSocket::open(path, std::nullopt, ::geteuid());
    ASSERT_TRUE(socket) << socket.error().message;
}

TEST_F(ControlSocketTest, AFileInTheWayIsNotTouched) {
    std::filesystem::create_directory(directory + "/run");
    std::ofstream(path) << "precious";
    const auto socket = ControlSocket::open(path, std::nullopt, ::geteuid());
    ASSERT_FALSE(socket);
    EXPECT_EQ(socket.error().message,
              "'" + path + "' exists and is not a socket; choose another path with --socket");
    EXPECT_EQ(std::filesystem::file_size(path), 8U);
}

TEST_F(ControlSocketTest, PathsThatCannotBe) {
    EXPECT_FALSE(ControlSocket::open("", std::nullopt, ::geteuid()));
    EXPECT_FALSE(ControlSocket::open(directory + "/" + std::string(120, 'x'), std::nullopt, ::geteuid()));
    EXPECT_FALSE(ControlSocket::open(directory + "/a/b/c.sock", std::nullopt, ::geteuid()));
}

TEST_F(ControlSocketTest, AnothersFileInItsPlaceIsNotRemoved) {
    std::optional<base::Result<ControlSocket>> socket(ControlSocket::open(path, std::nullopt, ::geteuid()));
    ASSERT_TRUE(*socket);
    std::filesystem::remove(path);
    std::ofstream(path) << "another's";
    socket.reset();
    EXPECT_TRUE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace packetsentry::service
