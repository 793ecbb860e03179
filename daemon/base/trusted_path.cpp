#include "daemon/base/trusted_path.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "daemon/base/syscall.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::base {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kWritableByOthers = S_IWGRP | S_IWOTH;
constexpr std::size_t kSizeLimit = 1 << 20;

bool is_owned(const struct stat& status, uid_t owner) {
    return status.st_uid == 0 || status.st_uid == owner;
}

Result<void> check_directory(const std::string& path, uid_t owner) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        return syscall_failed("examine the directory '" + path + "'", ErrorCode::file);
    const bool others_write = (status.st_mode & kWritableByOthers) != 0 && (status.st_mode & S_ISVTX) == 0;
    if (is_owned(status, owner) && !others_write) return {};
    return fail(
        ErrorCode::file,
        "'" + path +
            "' can be written by users other than root, so nothing in it can be trusted; choose another "
            "place, or 'chown root " +
            path + "; chmod go-w " + path + "'");
}

// In a sticky directory a link is its maker's, who can let it point elsewhere at any time.
Result<void> check_link(const std::string& path, uid_t owner) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return syscall_failed("examine '" + path + "'", ErrorCode::file);
    if (!S_ISLNK(status.st_mode) || is_owned(status, owner)) return {};
    return fail(ErrorCode::file, "'" + path + "' is a symbolic link of uid " + std::to_string(status.st_uid) +
                                     ", which could change it; remove it, or choose another place");
}

Result<void> check_directories(fs::path directory, uid_t owner) {
    for (;; directory = directory.parent_path()) {
        if (auto checked = check_link(directory.string(), owner); !checked) return checked;
        if (auto checked = check_directory(directory.string(), owner); !checked) return checked;
        if (directory == directory.parent_path()) return {};
    }
}

// Where path itself is a link, also the way to what it points to.
Result<void> check_target(const std::string& path, uid_t owner) {
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    if (error) return fail(ErrorCode::file, "cannot find '" + path + "': " + error.message());
    if (auto checked = check_link(path, owner); !checked) return checked;
    return check_directories(real.parent_path(), owner);
}

Result<void> check_file(int file, const std::string& path, uid_t owner) {
    struct stat status {};
    if (::fstat(file, &status) != 0) return syscall_failed("examine '" + path + "'", ErrorCode::file);
    if (!S_ISREG(status.st_mode)) return fail(ErrorCode::file, "'" + path + "' is not an ordinary file");
    if (!is_owned(status, owner))
        return fail(ErrorCode::file, "'" + path + "' belongs to uid " + std::to_string(status.st_uid) +
                                         ", which could change it; 'chown root " + path + "'");
    if ((status.st_mode & kWritableByOthers) != 0)
        return fail(ErrorCode::file,
                    "'" + path + "' can be written by users other than root; 'chmod go-w " + path + "'");
    return {};
}

Result<std::string> whole_text(int file, const std::string& path) {
    std::string text;
    std::array<char, 16384> room{};
    for (;;) {
        const ssize_t size = ::read(file, room.data(), room.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return syscall_failed("read '" + path + "'", ErrorCode::file);
        if (size == 0) return text;
        text.append(room.data(), static_cast<std::size_t>(size));
        if (text.size() > kSizeLimit) return fail(ErrorCode::file, "'" + path + "' is longer than 1 MiB");
    }
}

bool is_absent(const std::string& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) != 0 && errno == ENOENT;
}

}  // namespace

Result<void> check_way(const std::string& path, uid_t owner) {
    // Through a link, '..' leads elsewhere than the words say, and the words are what is checked here.
    const fs::path given(path);
    if (std::ranges::find(given, fs::path("..")) != given.end())
        return fail(ErrorCode::file, "'" + path + "' contains '..'; name the path without it");
    std::error_code error;
    const fs::path named = fs::absolute(path, error).lexically_normal();
    const fs::path real_parent = error ? fs::path() : fs::canonical(named.parent_path(), error);
    if (error)
        return fail(ErrorCode::file, "cannot find the directory of '" + path + "': " + error.message());
    if (auto checked = check_directories(named.parent_path(), owner); !checked) return checked;
    return check_directories(real_parent, owner);
}

Result<std::optional<std::string>> read_trusted_file(const std::string& path, uid_t owner) {
    if (is_absent(path)) return std::nullopt;
    // Not waiting, where it is a pipe.
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) return syscall_failed("read '" + path + "'", ErrorCode::file);
    if (auto checked = check_way(path, owner); !checked) return std::unexpected(checked.error());
    if (auto checked = check_target(path, owner); !checked) return std::unexpected(checked.error());
    if (auto checked = check_file(file.get(), path, owner); !checked) return std::unexpected(checked.error());
    auto text = whole_text(file.get(), path);
    if (!text) return std::unexpected(text.error());
    return std::move(*text);
}

}  // namespace packetsentry::base
