#include "daemon/worker/sandbox.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "tests/support/in_child.h"

namespace packetsentry::worker {
namespace {

using test::has_sanitizers;
using test::in_child;

constexpr rlim_t kLower = rlim_t{400} << 20;  // than the sandbox's own limit on memory

// "" or what is wrong.
std::string expect_limit(__rlimit_resource resource, rlim_t most, const char* name) {
    rlimit found{};
    ::getrlimit(resource, &found);
    if (found.rlim_cur == most && found.rlim_max == most) return "";
    return std::string(name) + " is " + std::to_string(found.rlim_cur) + "\n";
}

std::string entered(const Sandbox& sandbox) {
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    const auto done = enter_sandbox(sandbox);
    return done ? "" : done.error().message + "\n";
}

TEST(Sandbox, LimitsWhatTheProcessMayHave) {
    const std::string end = in_child([] {
        std::string problems = entered({.ring_bytes = 1 << 20, .unlisted = Unlisted::permitted});
        problems += expect_limit(RLIMIT_NPROC, 0, "processes");
        problems += expect_limit(RLIMIT_CORE, 0, "core");
        if (::dup(0) >= 0) problems += "there is room for another descriptor\n";
        return problems;
    });
    EXPECT_EQ(end, "");
}

TEST(Sandbox, LimitsTheFilesOfAWorkerThatWritesToTheSpool) {
    if (has_sanitizers()) GTEST_SKIP() << "their calls are not listed";
    const std::string end = in_child([]() -> std::string {
        std::FILE* const file = std::tmpfile();
        if (file == nullptr) return "no file\n";
        std::string problems = entered({.last_writable = ::fileno(file), .file_bytes = 1000});
        ::signal(SIGXFSZ, SIG_IGN);
        const std::string bytes(1000, 'x');
        if (::write(::fileno(file), bytes.data(), bytes.size()) != 1000) problems += "it was not filled\n";
        if (::write(::fileno(file), "x", 1) >= 0 || errno != EFBIG) problems += "it has become longer\n";
        return problems;
    });
    EXPECT_EQ(end, "");
}

// prlimit() is deadly in the sandbox: so what the limit does is tried.
TEST(Sandbox, ALimitThatIsLowerAlreadyStays) {
    if (has_sanitizers()) GTEST_SKIP() << "they map more than any limit";
    for (const rlim_t hard : {RLIM_INFINITY, kLower}) {
        const std::string end = in_child([&]() -> std::string {
            const rlimit before{kLower, hard};
            ::setrlimit(RLIMIT_AS, &before);
            std::string problems = entered({});
            if (std::malloc(kLower) != nullptr) problems += "more is to be had than before\n";
            if (std::malloc(kLower / 8) == nullptr) problems += "an eighth is not\n";
            return problems;
        });
        EXPECT_EQ(end, "") << hard;
    }
}

TEST(Sandbox, AFullTableOfDescriptorsIsFullEnough) {
    const std::string end = in_child([]() -> std::string {
        rlimit few{};
        ::getrlimit(RLIMIT_NOFILE, &few);
        few.rlim_cur = 8;
        ::setrlimit(RLIMIT_NOFILE, &few);
        while (::dup(0) >= 0) continue;
        std::string problems = entered({.unlisted = Unlisted::permitted});
        if (::dup(0) >= 0) problems += "there is room for another descriptor\n";
        return problems;
    });
    EXPECT_EQ(end, "");
}

TEST(Sandbox, MemoryHasABound) {
    if (has_sanitizers()) GTEST_SKIP() << "they map more than any limit";
    const std::string end = in_child([]() -> std::string {
        std::string problems = entered({});
        constexpr std::size_t kMuch = std::size_t{1} << 30;
        if (void* taken = std::malloc(kMuch); taken != nullptr) problems += "1 GiB is to be had\n";
        if (void* taken = std::malloc(kMuch / 8); taken == nullptr) problems += "128 MiB are not\n";
        return problems;
    });
    EXPECT_EQ(end, "");
}

TEST(Sandbox, AFilterThatTakesTooLongEndsTheProcess) {
    if (has_sanitizers()) GTEST_SKIP() << "they slow the clock";
    const std::string end = in_child([]() -> std::string {
        if (std::string problem = entered({}); !problem.empty()) return problem;
        while (std::clock() >= 0) {
        }
        return "the clock is at its end";
    });
    EXPECT_EQ(end, "signal " + std::to_string(SIGPROF));
}

TEST(Sandbox, SealedItHasNoClock) {
    if (has_sanitizers()) GTEST_SKIP() << "their calls are not listed";
    const std::string end = in_child([]() -> std::string {
        if (std::string problem = entered({}); !problem.empty()) return problem;
        if (const auto sealed = seal_sandbox({}); !sealed) return sealed.error().message;
        const std::clock_t until = std::clock() + (kCompileSeconds * CLOCKS_PER_SEC * 5) / 4;
        while (std::clock() < until) {
        }
        return "";
    });
    EXPECT_EQ(end, "");
}

}  // namespace
}  // namespace packetsentry::worker
