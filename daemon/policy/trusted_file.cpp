#include "daemon/policy/trusted_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "daemon/base/syscall.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::policy {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;

constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;
constexpr std::size_t kSizeLimit = 1 << 20;

std::unexpected<base::Error> refuse(const std::string& message) {
    return base::fail(ErrorCode::file, message);
}

std::unexpected<base::Error> cannot(const std::string& what) {
    return refuse(base::syscall_text(what));
}

bool is_owned(const struct stat& status, uid_t owner) {
    return status.st_uid == 0 || status.st_uid == owner;
}

base::Result<void> check_directory(const std::string& path, uid_t owner) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return cannot("examine the directory '" + path + "'");
    const bool others_write = (status.st_mode & kOthersWrite) != 0 && (status.st_mode & S_ISVTX) == 0;
    if (is_owned(status, owner) && !others_write) return {};
    return refuse("'" + path +
                  "' can be written by others than root, so nothing in it can be trusted; "
                  "'chown root " +
                  path + "; chmod go-w " + path + "'");
}

base::Result<void> check_way(const fs::path& file, uid_t owner) {
    for (fs::path directory = file.parent_path();; directory = directory.parent_path()) {
        if (auto checked = check_directory(directory.string(), owner); !checked) return checked;
        if (directory == directory.parent_path()) return {};
    }
}

base::Result<void> check_ways(const std::string& path, uid_t owner) {
    std::error_code error;
    const fs::path named = fs::absolute(path, error).lexically_normal();
    const fs::path real = error ? fs::path() : fs::canonical(named, error);
    if (error) return refuse("cannot find '" + path + "': " + error.message());
    if (auto checked = check_way(named, owner); !checked) return checked;
    return check_way(real, owner);
}

base::Result<void> check_file(int file, const std::string& path, uid_t owner) {
    struct stat status {};
    if (::fstat(file, &status) != 0) return cannot("examine '" + path + "'");
    if (!S_ISREG(status.st_mode)) return refuse("'" + path + "' is no ordinary file");
    if (!is_owned(status, owner))
        return refuse("'" + path + "' belongs to uid " + std::to_string(status.st_uid) +
                      ", which could change it; 'chown root " + path + "'");
    if ((status.st_mode & kOthersWrite) != 0)
        return refuse("'" + path + "' can be written by others than root; 'chmod go-w " + path + "'");
    return {};
}

base::Result<std::string> whole_text(int file, const std::string& path) {
    std::string text;
    std::array<char, 16384> room{};
    for (;;) {
        const ssize_t size = ::read(file, room.data(), room.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return cannot("read '" + path + "'");
        if (size == 0) return text;
        text.append(room.data(), static_cast<std::size_t>(size));
        if (text.size() > kSizeLimit) return refuse("'" + path + "' is longer than 1 MiB");
    }
}

bool is_absent(const std::string& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) != 0 && errno == ENOENT;
}

}  // namespace

base::Result<std::optional<std::string>> read_trusted_file(const std::string& path, uid_t owner) {
    if (is_absent(path)) return std::nullopt;
    // Not waiting, where it is a pipe.
    const base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) return cannot("read '" + path + "'");
    if (auto checked = check_ways(path, owner); !checked) return std::unexpected(checked.error());
    if (auto checked = check_file(file.get(), path, owner); !checked) return std::unexpected(checked.error());
    auto text = whole_text(file.get(), path);
    if (!text) return std::unexpected(text.error());
    return std::move(*text);
}

}  // namespace packetsentry::policy
