#include "daemon/base/syscall.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <system_error>

namespace packetsentry::base {

std::string errno_text(int error_number) {
    return std::generic_category().message(error_number);
}

std::string syscall_text(std::string_view attempted) {
    return syscall_text(attempted, errno);
}

std::string syscall_text(std::string_view attempted, int error_number) {
    return "cannot " + std::string(attempted) + ": " + errno_text(error_number);
}

Result<void> set_nonblocking(int fd) {
    const int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
        return fail(ErrorCode::internal, syscall_text("make a descriptor non-blocking"));
    return {};
}

Result<std::string> executable_directory() {
    std::array<char, PATH_MAX> path{};
    const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
    if (size <= 0) return fail(ErrorCode::internal, syscall_text("read /proc/self/exe"));
    const std::string_view whole(path.data(), static_cast<std::size_t>(size));
    return std::string(whole.substr(0, whole.rfind('/')));
}

}  // namespace packetsentry::base
