#include "ctl/output/own_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

#include "daemon/base/names.h"
#include "daemon/base/syscall.h"

namespace packetsentry::ctl {
namespace {

constexpr mode_t kOwnerOnly = 0600;

std::unexpected<Refusal> refused(std::string why, bool taken) {
    return std::unexpected(Refusal{std::move(why), taken});
}

std::optional<std::string> objection(const struct stat& status, OwnFile how) {
    const bool pipe = how.may_be_a_pipe && S_ISFIFO(status.st_mode);
    if (S_ISLNK(status.st_mode)) return "it is a symbolic link";
    if (status.st_uid != ::geteuid()) return "it belongs to " + base::user_text(status.st_uid);
    if (!S_ISREG(status.st_mode) && !pipe) return "it is not an ordinary file";
    if (status.st_nlink > 1) return "it has a second name, as a hard link";
    return std::nullopt;
}

// Between the two looks at it the file may have become another.
std::expected<base::UniqueFd, Refusal> open_existing(const std::string& path, OwnFile how, int flags) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return refused(base::errno_text(errno), true);
    if (auto why = objection(status, how)) return refused(std::move(*why), true);
    // Non-blocking: opening a FIFO would wait for its reader.
    base::UniqueFd fd(
        ::open(path.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags));
    if (!fd || ::fstat(fd.get(), &status) != 0) return refused(base::errno_text(errno), true);
    if (auto why = objection(status, how)) return refused(std::move(*why), true);
    if (::fcntl(fd.get(), F_SETFL, flags) != 0) return refused(base::errno_text(errno), true);
    return fd;
}

}  // namespace

std::expected<base::UniqueFd, Refusal> open_own(const std::string& path, OwnFile how) {
    const int flags = how.append ? O_APPEND : 0;
    base::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | flags, kOwnerOnly));
    if (fd) return fd;
    if (errno != EEXIST) return refused(base::errno_text(errno), false);
    if (how.fresh) return refused("it already exists", true);
    return open_existing(path, how, flags);
}

}  // namespace packetsentry::ctl
