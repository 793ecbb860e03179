#include "daemon/base/syscall.h"

#include <fcntl.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
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

std::unexpected<Error> syscall_failed(std::string_view attempted, ErrorCode code) {
    return fail(code, syscall_text(attempted));
}

namespace {

std::string path_by_kernel() {
    std::array<char, PATH_MAX> path{};
    const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
    return size > 0 ? std::string(path.data(), static_cast<std::size_t>(size)) : "";
}

// Where /proc is not mounted. The path is the caller's word: a program that has more rights than its caller
// does not take it.
std::string path_it_was_started_by() {
    if (::getauxval(AT_SECURE) != 0) return "";
    const auto* const told = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));
    std::array<char, PATH_MAX> path{};
    return told != nullptr && ::realpath(told, path.data()) != nullptr ? path.data() : "";
}

}  // namespace

Result<void> set_nonblocking(int fd) {
    const int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
        return fail(ErrorCode::internal, syscall_text("make a descriptor non-blocking"));
    return {};
}

Result<std::string> executable_directory() {
    std::string path = path_by_kernel();
    if (path.empty()) path = path_it_was_started_by();
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos)
        return fail(ErrorCode::internal,
                    "cannot find out where this program lies: mount /proc, or start it by "
                    "its whole path");
    return path.substr(0, slash);
}

}  // namespace packetsentry::base
