#include "ctl/output/output_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "ctl/output/own_file.h"
#include "daemon/base/null_device.h"
#include "daemon/base/syscall.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;
using base::UniqueFd;

constexpr const char* kNullDevice = "/dev/null";

std::unexpected<base::Error> cannot(const std::string& name) {
    return base::fail(ErrorCode::file, base::syscall_text("write '" + name + "'"));
}

base::Result<UniqueFd> standard_output() {
    if (::isatty(STDOUT_FILENO) != 0)
        return base::fail(
            ErrorCode::usage,
            "standard output is a terminal, and saved packets are not text; use '-o FILE.pcapng' or a pipe");
    UniqueFd fd(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0));
    if (!fd) return cannot("-");
    return fd;
}

bool same_file(const struct stat& one, const struct stat& other) {
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

// What others may have put there is not written to, and not emptied either.
std::unexpected<base::Error> refused(const std::string& name, const Refusal& refusal) {
    const char* advice = refusal.taken ? "; remove it or choose another name" : "";
    return base::fail(ErrorCode::file, "cannot write '" + name + "': " + refusal.why + advice);
}

// Everybody's, and whatever is written there harms nobody. Where something else has that name it is opened
// like any file.
UniqueFd null_device(const std::string& name) {
    UniqueFd fd(name == kNullDevice ? ::open(kNullDevice, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC) : -1);
    if (fd && !base::is_null_device(fd.get())) fd.reset();
    return fd;
}

// The worker of a capture that has just ended may have it still. A file system without locks has none to be
// seen.
bool take_for_itself(int fd) {
    constexpr std::chrono::milliseconds kPatience{1000}, kStep{20};
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (::flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(kStep);
    }
    return true;
}

base::Result<UniqueFd> file(const std::string& name, int input, bool fresh) {
    if (auto null = null_device(name)) return null;
    auto fd = open_own(name, {.fresh = fresh, .may_be_a_pipe = true});
    if (!fd) return refused(name, fd.error());
    struct stat status {};
    struct stat read_from {};
    if (::fstat(fd->get(), &status) != 0) return cannot(name);
    if (input >= 0 && ::fstat(input, &read_from) == 0 && same_file(status, read_from))
        return base::fail(ErrorCode::file, "cannot write '" + name + "': it is the file being read");
    if (S_ISREG(status.st_mode) && !take_for_itself(fd->get()))
        return base::fail(ErrorCode::file,
                          "cannot write '" + name +
                              "': a capture is being saved into it ('packetsentryctl list' shows "
                              "the jobs); choose another name");
    return std::move(*fd);
}

}  // namespace

base::Result<UniqueFd> open_output(const std::string& name, int input, bool fresh) {
    if (name.empty()) return UniqueFd();
    return name == "-" ? standard_output() : file(name, input, fresh);
}

}  // namespace packetsentry::ctl
