#include "daemon/base/closing.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>

#include "tests/support/pass_descriptors.h"

namespace packetsentry::base {
namespace {

using namespace std::chrono_literals;

bool is_open(int fd) {
    return ::fcntl(fd, F_GETFD) >= 0;
}

std::chrono::nanoseconds time_of(const auto& action) {
    const auto begin = std::chrono::steady_clock::now();
    action();
    return std::chrono::steady_clock::now() - begin;
}

// A connection whose peer takes nothing and whose close() waits a minute for that.
struct Lingering {
    Lingering() {
        const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        socklen_t size = sizeof address;
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(::bind(listener, generic, size), 0);
        EXPECT_EQ(::listen(listener, 1), 0);
        EXPECT_EQ(::getsockname(listener, generic, &size), 0);
        fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        EXPECT_EQ(::connect(fd, generic, size), 0);
        peer = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        ::close(listener);
        const std::array<char, 65536> block{};
        while (::send(fd, block.data(), block.size(), MSG_DONTWAIT) > 0) continue;
        const linger minute{1, 60};
        EXPECT_EQ(::setsockopt(fd, SOL_SOCKET, SO_LINGER, &minute, sizeof minute), 0);
    }
    ~Lingering() { ::close(peer); }
    int fd = -1;
    int peer = -1;
};

// In this order: once switched on it stays so.
TEST(Closing, AtOnceUnlessToldOtherwise) {
    const int fd = ::dup(STDERR_FILENO);
    close_descriptor(fd);
    EXPECT_FALSE(is_open(fd));
    close_elsewhere();
}

TEST(Closing, CountsUntilItIsClosed) {
    const auto count = std::make_shared<std::atomic<std::uint32_t>>(0);
    const int first = ::dup(STDERR_FILENO);
    const int second = ::dup(STDERR_FILENO);
    count_until_closed(first, count);
    count_until_closed(second, count);
    EXPECT_EQ(*count, 2U);
    close_elsewhere();
    close_descriptor(first);
    for (int i = 0; i < 200 && *count != 1; ++i) std::this_thread::sleep_for(10ms);
    EXPECT_EQ(*count, 1U);
    EXPECT_FALSE(is_open(first));
    close_descriptor(second);
    for (int i = 0; i < 200 && *count != 0; ++i) std::this_thread::sleep_for(10ms);
    EXPECT_EQ(*count, 0U);
    // The number is anybody's again, and not counted.
    const int again = ::dup(STDERR_FILENO);
    close_descriptor(again);
    for (int i = 0; i < 200 && is_open(again); ++i) std::this_thread::sleep_for(10ms);
    EXPECT_EQ(*count, 0U);
}

TEST(Closing, NobodyWaitsForASocketThatLingers) {
    close_elsewhere();
    std::array<Lingering, 3> many;
    for (const Lingering& one : many) EXPECT_LT(time_of([&] { close_descriptor(one.fd); }), 100ms);
    for (const Lingering& one : many) {
        for (int i = 0; i < 200 && is_open(one.fd); ++i) std::this_thread::sleep_for(10ms);
        EXPECT_FALSE(is_open(one.fd));
    }
}

TEST(Closing, NorForOneThatLiesUnreadInAConnection) {
    close_elsewhere();
    const Lingering one;
    std::array<int, 2> pair{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()), 0);
    test::pass_descriptors(pair[0], std::array{one.fd});
    ::close(one.fd);
    EXPECT_LT(time_of([&] { close_connection(pair[1]); }), 100ms);
    // The thread that does wait is interrupted, and the peer sees the end.
    std::array<char, 1> byte{};
    while (::recv(one.peer, byte.data(), byte.size(), MSG_DONTWAIT) > 0) break;
    for (int i = 0; i < 200 && is_open(pair[1]); ++i) std::this_thread::sleep_for(10ms);
    EXPECT_FALSE(is_open(pair[1]));
    ::close(pair[0]);
}

TEST(Closing, AnEmptyConnectionIsClosedAtOnce) {
    close_elsewhere();
    std::array<int, 2> pair{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()), 0);
    close_connection(pair[1]);
    EXPECT_FALSE(is_open(pair[1]));
    char byte = 0;
    EXPECT_EQ(::recv(pair[0], &byte, 1, 0), 0);
    ::close(pair[0]);
}

}  // namespace
}  // namespace packetsentry::base
