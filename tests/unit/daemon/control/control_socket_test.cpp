#include "daemon/control/control_socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

namespace packetsentry::control {
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
        const auto socket = ControlSocket::open(path, ::getegid());
        ASSERT_TRUE(socket) << socket.error().message;
        EXPECT_EQ(mode(path), 0660U);
        EXPECT_EQ(mode(directory + "/run"), 0755U);
        EXPECT_EQ(socket->made_directory(), directory + "/run");
        EXPECT_EQ(socket->group_trouble(), "");
        EXPECT_FALSE(socket->from_systemd());
    }
    EXPECT_EQ(::umask(before), 0077U);  // put back
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(ControlSocketTest, ALivingDaemonIsLeftAlone) {
    const auto first = ControlSocket::open(path, std::nullopt);
    ASSERT_TRUE(first);
    const auto second = ControlSocket::open(path, std::nullopt);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, base::ErrorCode::usage);
    EXPECT_EQ(second.error().message, "another packetsentryd answers on '" + path + "'");
    EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(ControlSocketTest, ADeadOnesSocketIsReplaced) {
    {
        // Killed: its descriptor is gone, its file is not.
        auto dead = ControlSocket::open(path, std::nullopt);
        ASSERT_TRUE(dead);
        std::filesystem::create_hard_link(path, path + ".kept");
    }
    std::filesystem::rename(path + ".kept", path);
    const auto socket = ControlSocket::open(path, std::nullopt);
    ASSERT_TRUE(socket) << socket.error().message;
    EXPECT_EQ(socket->made_directory(), "");
}

TEST_F(ControlSocketTest, AFileInTheWayIsNotTouched) {
    std::filesystem::create_directory(directory + "/run");
    std::ofstream(path) << "precious";
    const auto socket = ControlSocket::open(path, std::nullopt);
    ASSERT_FALSE(socket);
    EXPECT_EQ(socket.error().message, "'" + path + "' is there and is no socket; choose another --socket");
    EXPECT_EQ(std::filesystem::file_size(path), 8U);
}

TEST_F(ControlSocketTest, PathsThatCannotBe) {
    EXPECT_FALSE(ControlSocket::open("", std::nullopt));
    EXPECT_FALSE(ControlSocket::open(directory + "/" + std::string(120, 'x'), std::nullopt));
    EXPECT_FALSE(ControlSocket::open(directory + "/a/b/c.sock", std::nullopt));
}

TEST_F(ControlSocketTest, AnothersFileInItsPlaceIsNotRemoved) {
    std::optional<base::Result<ControlSocket>> socket(ControlSocket::open(path, std::nullopt));
    ASSERT_TRUE(*socket);
    std::filesystem::remove(path);
    std::ofstream(path) << "another's";
    socket.reset();
    EXPECT_TRUE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace packetsentry::control
