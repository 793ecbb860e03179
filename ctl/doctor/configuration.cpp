#include "ctl/doctor/configuration.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>

#include "daemon/base/syscall.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::ctl::doctor {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{5};
constexpr std::size_t kMost = 16 * 1024;  // of what it says

std::string find_daemon() {
    const auto directory = base::executable_directory();
    if (!directory) return {};
    for (const char* candidate : {"/packetsentryd", "/../sbin/packetsentryd"}) {
        std::string path = *directory + candidate;
        if (::access(path.c_str(), X_OK) == 0) return path;
    }
    return {};
}

// Its standard error goes to the pipe. Gives the child, or -1.
pid_t start_check(const std::string& path, int pipe) {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, pipe, STDERR_FILENO);
    std::string name = path;
    std::string option = "--check-config";
    std::array<char*, 3> arguments{name.data(), option.data(), nullptr};
    pid_t child = -1;
    if (::posix_spawn(&child, path.c_str(), &actions, nullptr, arguments.data(), environ) != 0) child = -1;
    ::posix_spawn_file_actions_destroy(&actions);
    return child;
}

// None: it said too much, or did not come to an end in time.
std::optional<std::string> read_to_end(int pipe) {
    std::string text;
    const auto deadline = Clock::now() + kPatience;
    while (text.size() < kMost) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd entry{pipe, POLLIN, 0};
        const int ready = left.count() <= 0 ? 0 : ::poll(&entry, 1, static_cast<int>(left.count()));
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return std::nullopt;
        std::array<char, 4096> room{};
        const ssize_t size = ::read(pipe, room.data(), room.size());
        if (size == 0) return text;
        if (size > 0) text.append(room.data(), static_cast<std::size_t>(size));
    }
    return std::nullopt;
}

// "packetsentryd: what is wrong", after warnings.
std::string last_line(std::string text) {
    constexpr std::string_view kPrefix = "packetsentryd: ";
    while (text.ends_with('\n')) text.pop_back();
    const std::size_t end = text.rfind('\n');
    if (end != std::string::npos) text.erase(0, end + 1);
    return text.starts_with(kPrefix) ? text.substr(kPrefix.size()) : text;
}

}  // namespace

std::optional<std::string> find_mistake() {
    const std::string path = find_daemon();
    std::array<int, 2> ends{};
    if (path.empty() || ::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
    const base::UniqueFd pipe(ends[0]);
    base::UniqueFd theirs(ends[1]);
    const pid_t child = start_check(path, theirs.get());
    theirs.reset();
    if (child < 0) return std::nullopt;
    const auto said = read_to_end(pipe.get());
    if (!said) ::kill(child, SIGKILL);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!said || !WIFEXITED(status) || WEXITSTATUS(status) == 0) return std::nullopt;
    std::string line = last_line(*said);
    // The daemon may read what this user may not.
    if (line.find(base::errno_text(EACCES)) != std::string::npos) return std::nullopt;
    return line;
}

}  // namespace packetsentry::ctl::doctor
