#include "daemon/base/inherited.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace packetsentry::base {
namespace {

std::string expect(bool holds, const char* what) {
    return holds ? "" : std::string(what) + "\n";
}

// What is settled stays so: for a process of its own, and a new one, as there may be other threads here.
class InheritedDeathTest : public testing::Test {
  protected:
    void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

// By a status, as standard error may be closed.
template <typename Function>
[[noreturn]] void end_with(Function&& function) {
    const std::string problems = function();
    (void)!::write(STDERR_FILENO, problems.data(), problems.size());
    ::_exit(problems.empty() ? 0 : 1);
}

TEST_F(InheritedDeathTest, AClosedStreamIsNoPlaceForAFile) {
    const auto in_child = []() -> std::string {
        for (int fd = 0; fd <= 2; ++fd) ::close(fd);
        settle_what_is_inherited();
        const int next = ::open("/", O_PATH);
        return next > STDERR_FILENO && ::write(STDOUT_FILENO, "x", 1) == 1 ? "" : "not held";
    };
    EXPECT_EXIT(end_with(in_child), testing::ExitedWithCode(0), "");
}

TEST_F(InheritedDeathTest, OpenStreamsStay) {
    const auto in_child = [] {
        struct stat before {};
        struct stat after {};
        ::close(STDIN_FILENO);
        ::fstat(STDOUT_FILENO, &before);
        settle_what_is_inherited();
        ::fstat(STDOUT_FILENO, &after);
        return expect(before.st_ino == after.st_ino && before.st_dev == after.st_dev,
                      "standard output changed") +
               expect(::fcntl(STDIN_FILENO, F_GETFD) == 0, "standard input is not held");
    };
    EXPECT_EXIT(end_with(in_child), testing::ExitedWithCode(0), "");
}

TEST_F(InheritedDeathTest, ChildrenCanBeWaitedForAndSignalsArrive) {
    const auto in_child = [] {
        ::signal(SIGCHLD, SIG_IGN);
        sigset_t all;
        sigset_t now;
        ::sigfillset(&all);
        ::sigprocmask(SIG_SETMASK, &all, nullptr);
        settle_what_is_inherited();
        ::sigprocmask(SIG_SETMASK, nullptr, &now);
        std::string problems = expect(::sigismember(&now, SIGINT) == 0, "SIGINT is blocked");
        const pid_t child = ::fork();
        if (child == 0) ::_exit(7);
        int status = 0;
        problems +=
            expect(::waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7, "a child is lost");
        return problems;
    };
    EXPECT_EXIT(end_with(in_child), testing::ExitedWithCode(0), "");
}

TEST_F(InheritedDeathTest, AFileThatMayGrowNoMoreIsAnError) {
    const auto in_child = []() -> std::string {
        ::signal(SIGXFSZ, SIG_DFL);
        settle_what_is_inherited();
        const int file = ::memfd_create("file", 0);
        const rlimit none{0, 0};
        ::setrlimit(RLIMIT_FSIZE, &none);
        return expect(::write(file, "x", 1) < 0 && errno == EFBIG, "no error");
    };
    EXPECT_EXIT(end_with(in_child), testing::ExitedWithCode(0), "");
}

TEST_F(InheritedDeathTest, FilesAreTheirOwners) {
    for (const mode_t inherited : {0U, 0777U}) {
        const auto in_child = [inherited] {
            ::umask(inherited);
            settle_what_is_inherited();
            return expect(::umask(0) == 077, "another umask");
        };
        EXPECT_EXIT(end_with(in_child), testing::ExitedWithCode(0), "") << inherited;
    }
}

TEST_F(InheritedDeathTest, NohupIsHeeded) {
    const auto in_child = [] {
        ::signal(SIGHUP, SIG_IGN);
        settle_what_is_inherited();
        return expect(::signal(SIGHUP, SIG_DFL) == SIG_IGN, "SIGHUP is not ignored any more");
    };
    EXPECT_EXIT(end_with(in_child), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace packetsentry::base
