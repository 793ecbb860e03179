#include "ctl/client/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/syscall.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

const char* kind_of(const struct stat& status, int fd) {
    if (S_ISDIR(status.st_mode)) return "a directory";
    if (S_ISSOCK(status.st_mode)) return "a socket";
    return ::isatty(fd) != 0 ? "a terminal" : "a device";
}

}  // namespace

base::Result<base::UniqueFd> open_input(const std::string& name) {
    const bool standard = name == "-";
    const std::string shown = standard ? "standard input" : "'" + name + "'";
    base::UniqueFd fd(standard ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                               : ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!fd) return base::fail(ErrorCode::file, base::syscall_text("open " + shown));
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0)
        return base::fail(ErrorCode::file, base::syscall_text("open " + shown));
    if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
        return base::fail(ErrorCode::file, "cannot read " + shown + ": it is " + kind_of(status, fd.get()) +
                                               ", not a capture file or a pipe");
    return fd;
}

}  // namespace packetsentry::ctl
