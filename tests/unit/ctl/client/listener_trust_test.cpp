#include "ctl/client/listener_trust.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>

#include "ctl/client/connection.h"
#include "ctl/client/usual_socket.h"
#include "daemon/base/unique_fd.h"
#include "tests/support/temporary_directory.h"

namespace packetsentry::ctl {
namespace {

constexpr uid_t kStranger = 65533;

TEST(Listener, RootTheServiceAndOneselfAreTrusted) {
    struct Case {
        uid_t listener;
        uid_t self;
        std::optional<uid_t> service;
        bool trusted;
    };
    const Case cases[] = {
        {0, 1000, std::nullopt, true},
        {0, 0, 997, true},
        {997, 1000, 997, true},
        {997, 0, 997, true},
        {1000, 1000, 997, true},
        {1001, 1000, 997, false},
        {1001, 0, 997, false},
        {1001, 0, std::nullopt, false},
        {997, 1000, std::nullopt, false},
    };
    for (const Case& one : cases)
        EXPECT_EQ(is_trusted(one.listener, one.self, one.service, {}, false), one.trusted)
            << one.listener << " seen by " << one.self;
}

// Root and strangers are one there, and so may be the client itself.
TEST(Listener, InAUserNamespaceOnlyThePathCanTell) {
    const NamespaceOfUsers users{65534};
    EXPECT_FALSE(is_trusted(65534, 1000, 997, users, false));
    EXPECT_FALSE(is_trusted(65534, 65534, std::nullopt, users, false))
        << "nobody knows that it is the client";
    EXPECT_TRUE(is_trusted(65534, 1000, 997, users, true)) << "only root can have made the usual path";
    EXPECT_TRUE(is_trusted(1000, 1000, std::nullopt, users, false));
}

// A directory to which everybody may write, and in which a user listens.
class ListenerTest : public testing::Test {
  protected:
    void SetUp() override { ASSERT_EQ(::chmod(directory_.path().c_str(), 01777), 0); }

    // The kernel takes the user from the call of listen().
    base::UniqueFd listen_as(uid_t uid) {
        base::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path_.data(), path_.size());
        EXPECT_EQ(::seteuid(uid), 0);
        EXPECT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::listen(fd.get(), 1), 0);
        EXPECT_EQ(::seteuid(::getuid()), 0);
        return fd;
    }

    const test::TemporaryDirectory directory_{"/tmp/"};
    const std::string path_ = directory_.path() + "/control.sock";
};

TEST_F(ListenerTest, OneselfIsTrusted) {
    const auto listener = listen_as(::geteuid());
    const auto connection = Connection::connect(path_);
    ASSERT_TRUE(connection);
    EXPECT_TRUE(connection->check_listener());
    EXPECT_TRUE(check_socket_file(path_));
}

TEST_F(ListenerTest, AStrangerIsSentNothing) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can listen as somebody else";
    const auto listener = listen_as(kStranger);
    ::unsetenv(kSocketVariable);
    const auto connection = Connection::open(path_);
    ASSERT_FALSE(connection);
    EXPECT_EQ(connection.error().code, base::ErrorCode::unreachable);
    EXPECT_EQ(connection.error().message, "cannot reach packetsentryd at " + path_ +
                                              ": it belongs to uid 65533, and not to root, packetsentry or "
                                              "you; nothing was sent; the path comes from --socket");
    const base::UniqueFd taken(::accept(listener.get(), nullptr, nullptr));
    char byte = 0;
    EXPECT_EQ(::recv(taken.get(), &byte, 1, 0), 0);

    ::setenv(kSocketVariable, path_.c_str(), 1);
    EXPECT_TRUE(check_socket_file(path_).error().message.ends_with("comes from PACKETSENTRY_SOCKET"));
    ::unsetenv(kSocketVariable);
}

TEST_F(ListenerTest, WhatCannotBeLookedAtIsNoStrangers) {
    EXPECT_TRUE(check_socket_file(path_));
    EXPECT_TRUE(check_socket_file("/"));
}

}  // namespace
}  // namespace packetsentry::ctl
