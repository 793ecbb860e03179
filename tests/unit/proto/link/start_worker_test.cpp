#include "proto/link/start_worker.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace packetsentry::proto {
namespace {

// A worker that is a shell script.
class Script {
  public:
    explicit Script(const std::string& script)
        : path_(testing::TempDir() + "start-worker-" + std::to_string(::getpid())) {
        std::ofstream(path_) << "#!/bin/sh\n" << script;
        ::chmod(path_.c_str(), 0700);
    }
    ~Script() { ::unlink(path_.c_str()); }
    Script(const Script&) = delete;
    Script& operator=(const Script&) = delete;

    [[nodiscard]] WorkerProcess start() const {
        auto worker = start_worker(path_);
        EXPECT_TRUE(worker);
        return worker ? std::move(*worker) : WorkerProcess{};
    }

  private:
    std::string path_;
};

// Over its link.
std::string said_by(const std::string& text) {
    const Script script(text);
    const WorkerProcess worker = script.start();
    EXPECT_NE(::fcntl(worker.link.get(), F_GETFL) & O_NONBLOCK, 0);
    ::fcntl(worker.link.get(), F_SETFL, 0);
    std::string said;
    std::array<char, 512> some{};
    for (ssize_t size = 0; (size = ::read(worker.link.get(), some.data(), some.size())) > 0;)
        said.append(some.data(), static_cast<std::size_t>(size));
    int status = -1;
    EXPECT_EQ(::waitpid(worker.pid, &status, 0), worker.pid);
    EXPECT_EQ(status, 0);
    return said;
}

std::vector<std::string> descriptors_of(pid_t pid) {
    std::vector<std::string> all;
    const std::string process = "/proc/" + std::to_string(pid);
    for (const auto& entry : std::filesystem::directory_iterator(process + "/fd")) {
        const std::string number = entry.path().filename();
        const std::string target = std::filesystem::read_symlink(entry.path());
        std::ifstream info(process + "/fdinfo/" + number);
        std::string word;
        while (info >> word && word != "flags:") continue;
        info >> word;
        all.push_back(number + " " + target.substr(0, target.find(':')) + " " + word.back());
    }
    std::ranges::sort(all);
    return all;
}

// The shell has its script as 10.
TEST(StartWorker, GivesTheLinkAndEmptyStreamsAndNoOtherDescriptor) {
    std::array<base::UniqueFd, 100> mine;
    for (base::UniqueFd& fd : mine) fd.reset(::memfd_create("mine", 0));
    const Script script("kill -STOP $$");
    const WorkerProcess worker = script.start();
    int status = 0;
    ASSERT_EQ(::waitpid(worker.pid, &status, WUNTRACED), worker.pid);
    std::vector<std::string> found = descriptors_of(worker.pid);
    std::erase_if(found, [](const std::string& one) { return one.starts_with("10 "); });
    EXPECT_EQ(found,
              (std::vector<std::string>{"0 /dev/null 0", "1 /dev/null 1", "2 /dev/null 1", "3 socket 2"}));
    ::kill(worker.pid, SIGKILL);
    ::waitpid(worker.pid, &status, 0);
}

TEST(StartWorker, GivesAFreshProgramsSignalsAGroupOfItsOwnAndNoEnvironment) {
    struct sigaction before {};
    struct sigaction ignored {};
    ignored.sa_handler = SIG_IGN;
    sigset_t blocked;
    sigset_t mask;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGUSR1);
    ASSERT_EQ(::sigaction(SIGPIPE, &ignored, &before), 0);
    ASSERT_EQ(::sigprocmask(SIG_BLOCK, &blocked, &mask), 0);
    EXPECT_EQ(said_by("sed -n 's/^Sig\\(Blk\\|Ign\\):.*\\(.\\{4\\}\\)$/\\1 \\2/p' /proc/self/status >&3\n"
                      "read -r pid name state parent group rest </proc/$$/stat\n"
                      "[ $pid = $group ] && echo leads >&3\n"
                      "tr '\\0' '\\n' </proc/$$/environ >&3\n"),
              "Blk 0000\nIgn 0000\nleads\n");
    sigset_t after;
    ::sigprocmask(SIG_SETMASK, &mask, &after);
    ::sigaction(SIGPIPE, &before, nullptr);
    EXPECT_EQ(::sigismember(&after, SIGUSR1), 1);
    EXPECT_EQ(::sigismember(&after, SIGUSR2), 0);
}

TEST(StartWorker, TellsWhyThereIsNoProgram) {
#ifdef PACKETSENTRY_FORKS
    GTEST_SKIP() << "there it does not";
#endif
    const auto none = start_worker("/nowhere/packetsentry-worker");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().message, "cannot start /nowhere/packetsentry-worker: No such file or directory");
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
}

}  // namespace
}  // namespace packetsentry::proto
