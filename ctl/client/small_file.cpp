#include "ctl/client/small_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "daemon/base/syscall.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::ctl {

base::Result<std::string> read_small_file(const std::string& path, std::size_t most) {
    const std::string attempt = "read '" + path + "'";
    // A pipe without a writer would let open() wait.
    const base::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    struct stat status {};
    if (!fd || ::fstat(fd.get(), &status) != 0) return base::syscall_failed(attempt, base::ErrorCode::file);
    if (!S_ISREG(status.st_mode))
        return base::fail(base::ErrorCode::file, "cannot " + attempt + ": it is not an ordinary file");
    std::string text(most + 1, '\0');
    std::size_t filled = 0;
    while (filled < text.size()) {
        const ssize_t size = ::read(fd.get(), text.data() + filled, text.size() - filled);
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return base::syscall_failed(attempt, base::ErrorCode::file);
        if (size == 0) break;
        filled += static_cast<std::size_t>(size);
    }
    text.resize(filled);
    return text;
}

}  // namespace packetsentry::ctl
