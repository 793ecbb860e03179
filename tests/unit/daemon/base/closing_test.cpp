#include "daemon/base/closing.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
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

// Within two seconds.
bool comes_true(const auto& condition) {
    for (int i = 0; i < 200 && !condition(); ++i) std::this_thread::sleep_for(10ms);
    return condition();
}

Count new_count() {
    return std::make_shared<std::atomic<std::uint32_t>>(0);
}

struct Connection {
    Connection() {
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
    }
    ~Connection() { ::close(peer); }
    int fd = -1;
    int peer = -1;
};

// One whose peer takes nothing and whose close() waits a minute for that.
struct Lingering : Connection {
    Lingering() {
        const std::array<char, 65536> block{};
        while (::send(fd, block.data(), block.size(), MSG_DONTWAIT) > 0) continue;
        const linger minute{1, 60};
        EXPECT_EQ(::setsockopt(fd, SOL_SOCKET, SO_LINGER, &minute, sizeof minute), 0);
    }
};

// A page of memory on whose first use the kernel waits for come().
class LatePage {
  public:
    LatePage() {
        fault_ = static_cast<int>(::syscall(SYS_userfaultfd, O_CLOEXEC));
        page_ = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        uffdio_api api{};
        api.api = UFFD_API;
        uffdio_register range{};
        range.range = {reinterpret_cast<std::uintptr_t>(page_), kBytes};
        range.mode = UFFDIO_REGISTER_MODE_MISSING;
        made_ = ::ioctl(fault_, UFFDIO_API, &api) == 0 && ::ioctl(fault_, UFFDIO_REGISTER, &range) == 0;
    }
    ~LatePage() {
        ::munmap(page_, kBytes);
        ::close(fault_);
    }
    LatePage(const LatePage&) = delete;
    LatePage& operator=(const LatePage&) = delete;

    [[nodiscard]] bool made() const { return made_; }
    [[nodiscard]] const void* address() const { return page_; }
    void come() const {
        uffdio_zeropage zero{};
        zero.range = {reinterpret_cast<std::uintptr_t>(page_), kBytes};
        EXPECT_EQ(::ioctl(fault_, UFFDIO_ZEROPAGE, &zero), 0);
    }
    static constexpr std::size_t kBytes = 4096;

  private:
    int fault_ = -1;
    void* page_ = nullptr;
    bool made_ = false;
};

// In this order: once switched on it stays so.
TEST(Closing, AtOnceUnlessToldOtherwise) {
    const int fd = ::dup(STDERR_FILENO);
    close_descriptor(fd);
    EXPECT_FALSE(is_open(fd));
    close_elsewhere();
}

TEST(Closing, CountsUntilItIsClosed) {
    const Count count = new_count();
    const int first = ::dup(STDERR_FILENO);
    const int second = ::dup(STDERR_FILENO);
    count_until_closed(first, count);
    count_until_closed(second, count_of(first));
    EXPECT_EQ(*count, 2U);
    close_elsewhere();
    close_descriptor(first);
    EXPECT_TRUE(comes_true([&] { return *count == 1; }));
    EXPECT_FALSE(is_open(first));
    close_descriptor(second);
    EXPECT_TRUE(comes_true([&] { return *count == 0; }));
    // The number is anybody's again, and not counted; nor is what such a one is copied to.
    const int again = ::dup(STDERR_FILENO);
    EXPECT_EQ(count_of(again), nullptr);
    count_until_closed(again, count_of(STDERR_FILENO));
    close_descriptor(again);
    EXPECT_TRUE(comes_true([&] { return !is_open(again); }));
    EXPECT_EQ(*count, 0U);
}

TEST(Closing, OneCountDoesNotHoldUpAnother) {
    close_elsewhere();
    const Count slow = new_count();
    const Count quick = new_count();
    std::array<Lingering, 40> many;
    for (const Lingering& one : many) {
        count_until_closed(one.fd, slow);
        close_descriptor(one.fd);
    }
    for (int i = 0; i < 3; ++i) {
        const int fd = ::dup(STDERR_FILENO);
        count_until_closed(fd, quick);
        close_descriptor(fd);
        EXPECT_TRUE(comes_true([&] { return *quick == 0; }));
        EXPECT_GE(*slow, 20U);
    }
    EXPECT_TRUE(comes_true([&] { return *slow == 0; }));
}

// Its owner decides for how long: another thread of his stands in send() with it.
TEST(Closing, NobodyWaitsForTheLockOfASocket) {
    close_elsewhere();
    const LatePage page;
    if (!page.made()) GTEST_SKIP() << "no right to wait for memory";
    const Connection one;
    std::thread sender([&] { (void)::send(one.fd, page.address(), LatePage::kBytes, MSG_NOSIGNAL); });
    std::this_thread::sleep_for(50ms);
    const int copy = ::dup(one.fd);
    close_descriptor(copy);
    EXPECT_TRUE(comes_true([&] { return !is_open(copy); }));
    page.come();
    sender.join();
    ::close(one.fd);
}

TEST(Closing, NobodyWaitsForASocketThatLingers) {
    close_elsewhere();
    std::array<Lingering, 3> many;
    for (const Lingering& one : many) EXPECT_LT(time_of([&] { close_descriptor(one.fd); }), 100ms);
    for (const Lingering& one : many) EXPECT_TRUE(comes_true([&] { return !is_open(one.fd); }));
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
    EXPECT_TRUE(comes_true([&] { return !is_open(pair[1]); }));
    ::close(pair[0]);
}

TEST(Closing, AnEmptyConnectionIsClosedAtOnce) {
    close_elsewhere();
    std::array<int, 2> pair{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()), 0);
    const Count count = new_count();
    count_until_closed(pair[1], count);
    close_connection(pair[1]);
    EXPECT_FALSE(is_open(pair[1]));
    EXPECT_EQ(*count, 0U);
    char byte = 0;
    EXPECT_EQ(::recv(pair[0], &byte, 1, 0), 0);
    ::close(pair[0]);
}

}  // namespace
}  // namespace packetsentry::base
