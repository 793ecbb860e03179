#include "daemon/base/state_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "daemon/base/syscall.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::base {
namespace {

std::unexpected<Error> cannot(const std::string& what) {
    return fail(ErrorCode::file, syscall_text(what));
}

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t size = ::write(fd, bytes.data(), bytes.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
}

Result<void> sync_directory_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash);
    const UniqueFd opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened || ::fsync(opened.get()) != 0) return cannot("sync " + directory);
    return {};
}

}  // namespace

Result<void> replace_file(const std::string& path, std::string_view bytes) {
    const std::string beside = path + ".new";
    const UniqueFd file(
        ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
    if (!file || !write_all(file.get(), bytes) || ::fsync(file.get()) != 0) return cannot("write " + beside);
    if (std::rename(beside.c_str(), path.c_str()) != 0) return cannot("rename " + beside);
    return sync_directory_of(path);
}

Result<std::optional<std::string>> read_file(const std::string& path, std::size_t limit) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file && errno == ENOENT) return std::nullopt;
    if (!file) return cannot("read " + path);
    std::string bytes(limit + 1, '\0');
    std::size_t size = 0;
    while (size < bytes.size()) {
        const ssize_t more = ::read(file.get(), bytes.data() + size, bytes.size() - size);
        if (more < 0 && errno == EINTR) continue;
        if (more < 0) return cannot("read " + path);
        if (more == 0) break;
        size += static_cast<std::size_t>(more);
    }
    if (size > limit) return fail(ErrorCode::file, path + " is too long");
    bytes.resize(size);
    return bytes;
}

}  // namespace packetsentry::base
