// What is for good in a process is tried in one of its own.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <string>

namespace packetsentry::test {

// Sanitizers make system calls of their own, and map more memory than any limit.
inline bool has_sanitizers() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#elif defined(__has_feature)
    return __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
    return false;
#endif
}

// How a child ended that did only this: "" well, "signal N", or not well; what the function says is wrong
// is on standard error. Not beside other threads, whose locks the child would have for ever.
template <typename Function>
std::string in_child(Function&& function) {
    const auto threads = std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
    if (threads != 1 && !has_sanitizers()) return "not tried beside other threads";
    const pid_t child = ::fork();
    if (child == 0) {
        const std::string problem = function();
        if (!problem.empty()) (void)!::write(STDERR_FILENO, problem.data(), problem.size());
        ::_exit(problem.empty() ? 0 : 1);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
    return WEXITSTATUS(status) == 0 ? "" : "not well";
}

}  // namespace packetsentry::test
