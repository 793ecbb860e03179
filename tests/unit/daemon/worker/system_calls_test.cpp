#include "daemon/worker/system_calls.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <functional>

#include "proto/link/start_worker.h"
#include "tests/support/in_child.h"

namespace packetsentry::worker {
namespace {

using test::has_sanitizers;
using test::in_child;

const std::string kKilled = "signal " + std::to_string(SIGSYS);
constexpr int kLastWritable = 5;
constexpr int kOutput = 4;

// How a child ends that does this under the tables, descriptors 3 to 7 being one pipe's writing end.
std::string restricted(Unlisted unlisted, bool sealed, const std::function<std::string()>& attempt,
                       int outputs = 1) {
    return in_child([&]() -> std::string {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0) return "no pipe";
        for (int fd = 3; fd <= 7; ++fd)
            if (fd != ends[1] && fd != ends[0]) ::dup2(ends[1], fd);
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        auto done = restrict_system_calls(
            {.last_writable = kLastWritable, .output = kOutput, .outputs = outputs, .unlisted = unlisted});
        if (!done) return done.error().message;
        if (sealed) done = forbid_socket_changes();
        return done ? attempt() : done.error().message;
    });
}

std::string failing_with(int wanted, long result) {
    return result < 0 && errno == wanted ? "" : "it said " + std::to_string(result) + "\n";
}

struct SystemCalls : testing::Test {
    void SetUp() override {
        if (has_sanitizers()) GTEST_SKIP() << "their calls are not listed";
    }
};

TEST_F(SystemCalls, WritesGoByDescriptorNumber) {
    const auto write_to = [](int fd) {
        return [fd] { return ::write(fd, "x", 1) == 1 ? std::string() : std::string("not written\n"); };
    };
    EXPECT_EQ(restricted(Unlisted::refused, true, write_to(kLastWritable)), "");
    EXPECT_EQ(restricted(Unlisted::refused, true, write_to(kLastWritable + 1)), kKilled);
    // The kernel looks at all 64 bits, and takes 32 of them.
    EXPECT_EQ(restricted(Unlisted::refused, true,
                         [] { return failing_with(0, ::syscall(SYS_write, (1UL << 32) | 6, "x", 1)); }),
              kKilled);
}

// What the spool has can be appended to, and not be truncated.
TEST_F(SystemCalls, OnlyTheOutputIsTruncated) {
    const auto truncate = [](int fd) {
        return [fd] { return failing_with(EINVAL, ::ftruncate(fd, 0)); };  // it is a pipe
    };
    EXPECT_EQ(restricted(Unlisted::refused, true, truncate(kOutput)), "");
    EXPECT_EQ(restricted(Unlisted::refused, true, truncate(kLastWritable)), kKilled);
}

// The packets are saved to several files.
TEST_F(SystemCalls, OfTwoOutputsBothAreTruncatedAndNothingElse) {
    const auto truncate = [](int fd) { return [fd] { return failing_with(EINVAL, ::ftruncate(fd, 0)); }; };
    EXPECT_EQ(restricted(Unlisted::refused, true, truncate(kOutput), 2), "");
    EXPECT_EQ(restricted(Unlisted::refused, true, truncate(kOutput + 1), 2), "");
    EXPECT_EQ(restricted(Unlisted::refused, true, truncate(kOutput - 1), 2), kKilled);
    EXPECT_EQ(restricted(Unlisted::refused, true, truncate(kOutput + 2), 2), kKilled);
}

TEST_F(SystemCalls, UnknownOnesAreRefusedOrDeadlyAsOrdered) {
    const auto unknown = [] { return failing_with(ENOSYS, ::syscall(SYS_sysinfo, nullptr)); };
    EXPECT_EQ(restricted(Unlisted::refused, true, unknown), "");
    EXPECT_EQ(restricted(Unlisted::deadly, true, unknown), kKilled);
}

// By which entering proves itself: no kernel refuses this call.
TEST_F(SystemCalls, TheProbeIsRefusedInEveryKindOfSandbox) {
    const auto probe = [] { return failing_with(ECANCELED, ::syscall(SYS_getppid)); };
    EXPECT_EQ(restricted(Unlisted::refused, true, probe), "");
    EXPECT_EQ(restricted(Unlisted::deadly, true, probe), "");
}

TEST_F(SystemCalls, FilesAreNotThereForALibraryThatLooks) {
    const auto open = [] { return failing_with(EACCES, ::open("/etc/localtime", O_RDONLY)); };
    EXPECT_EQ(restricted(Unlisted::refused, true, open), "");
    EXPECT_EQ(restricted(Unlisted::deadly, true, open), kKilled);
}

TEST_F(SystemCalls, WhatOnlyAnAttackTriesIsDeadly) {
    const std::array<std::function<long()>, 9> attacks = {
        [] { return ::syscall(SYS_socket, AF_INET, SOCK_STREAM, 0); },
        [] { return ::syscall(SYS_kill, 1, 0); },
        [] { return ::syscall(SYS_dup, 0); },
        [] { return ::syscall(SYS_fcntl, 0, F_DUPFD, 0); },
        [] { return ::syscall(SYS_fork); },
        [] { return ::syscall(SYS_execve, "/bin/true", nullptr, nullptr); },
        [] { return ::syscall(SYS_tgkill, ::getppid(), ::getppid(), 0); },
        [] { return ::syscall(SYS_mmap, nullptr, 4096, PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); },
        [] { return ::syscall(SYS_sendmsg, proto::kWorkerLinkFd + 1, nullptr, 0); },
    };
    for (std::size_t i = 0; i < attacks.size(); ++i)
        EXPECT_EQ(restricted(Unlisted::refused, false,
                             [&] { return "it said " + std::to_string(attacks[i]()) + "\n"; }),
                  kKilled)
            << i;
}

TEST_F(SystemCalls, ASocketsFilterCanBeSetUntilItIsSealed) {
    // No socket, but it is the tables that are asked first.
    const auto attach = [] {
        return failing_with(ENOTSOCK, ::syscall(SYS_setsockopt, 0, SOL_SOCKET, SO_LOCK_FILTER, nullptr, 0));
    };
    EXPECT_EQ(restricted(Unlisted::deadly, false, attach), "");
    EXPECT_EQ(restricted(Unlisted::deadly, true, attach), kKilled);
}

}  // namespace
}  // namespace packetsentry::worker
