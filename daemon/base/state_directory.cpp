#include "daemon/base/state_directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "daemon/base/syscall.h"
#include "daemon/base/trusted_path.h"

namespace packetsentry::base {
namespace {

constexpr mode_t kOwnerOnly = 0700;
constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;
constexpr int kDirectory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

// Whoever owns it, or could write it, may have put files into it.
Result<void> check_directory(int directory, const std::string& path, uid_t owner) {
    struct stat status {};
    if (::fstat(directory, &status) != 0) return syscall_failed("examine '" + path + "'", ErrorCode::file);
    if (status.st_uid != 0 && status.st_uid != owner)
        return fail(ErrorCode::file,
                    "the state directory '" + path + "' belongs to uid " + std::to_string(status.st_uid) +
                        ", who may have put files into it; remove it, or choose another --state-dir");
    if ((status.st_mode & kOthersWrite) != 0)
        return fail(ErrorCode::file,
                    "the state directory '" + path +
                        "' can be written by others, who may have put files into it; remove it, or choose "
                        "another --state-dir");
    if ((status.st_mode & kOthers) != 0 && ::fchmod(directory, kOwnerOnly) != 0)
        return syscall_failed("withdraw the permissions of others on '" + path + "'", ErrorCode::file);
    return {};
}

Result<void> check_file(int file, const std::string& path) {
    struct stat status {};
    if (::fstat(file, &status) != 0) return syscall_failed("examine " + path, ErrorCode::file);
    if (!S_ISREG(status.st_mode)) return fail(ErrorCode::file, path + " is not an ordinary file");
    if ((status.st_uid != 0 && status.st_uid != ::geteuid()) || (status.st_mode & kOthersWrite) != 0)
        return fail(ErrorCode::file, path + " could have been written by others");
    return {};
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

Result<std::string> read_whole(int file, const std::string& path, std::size_t limit) {
    std::string bytes(limit + 1, '\0');
    std::size_t size = 0;
    while (size < bytes.size()) {
        const ssize_t more = ::read(file, bytes.data() + size, bytes.size() - size);
        if (more < 0 && errno == EINTR) continue;
        if (more < 0) return syscall_failed("read " + path, ErrorCode::file);
        if (more == 0) break;
        size += static_cast<std::size_t>(more);
    }
    if (size > limit) return fail(ErrorCode::file, path + " is too long");
    bytes.resize(size);
    return bytes;
}

}  // namespace

Result<StateDirectory> StateDirectory::open(const std::string& path, uid_t owner, gid_t group) {
    if (auto way = check_way(path, owner); !way) return std::unexpected(way.error());
    if (::mkdir(path.c_str(), kOwnerOnly) != 0 && errno != EEXIST)
        return fail(ErrorCode::internal, syscall_text("make the state directory '" + path + "'"));
    UniqueFd directory(::open(path.c_str(), kDirectory));
    if (!directory && (errno == ELOOP || errno == ENOTDIR))
        return fail(ErrorCode::file,
                    "the state directory '" + path +
                        "' is a symbolic link, or not a directory; name the directory itself");
    if (!directory) return fail(ErrorCode::internal, syscall_text("open the state directory '" + path + "'"));
    if (auto checked = check_directory(directory.get(), path, owner); !checked)
        return std::unexpected(checked.error());
    if (::geteuid() == 0 && ::fchown(directory.get(), owner, group) != 0)
        return fail(ErrorCode::internal, syscall_text("give the state directory '" + path + "' to its user"));
    return StateDirectory(std::move(directory), path);
}

Result<StateDirectory> StateDirectory::subdirectory(const std::string& name) const {
    if (!directory_) return StateDirectory();
    const std::string path = path_of(name);
    if (::mkdirat(fd(), name.c_str(), kOwnerOnly) != 0 && errno != EEXIST)
        return syscall_failed("make " + path, ErrorCode::file);
    UniqueFd directory(::openat(fd(), name.c_str(), kDirectory));
    if (!directory) return syscall_failed("use " + path, ErrorCode::file);
    if (auto checked = check_directory(directory.get(), path, ::geteuid()); !checked)
        return std::unexpected(checked.error());
    if (::faccessat(directory.get(), ".", R_OK | W_OK | X_OK, AT_EACCESS) != 0)
        return syscall_failed("use " + path, ErrorCode::file);
    return StateDirectory(std::move(directory), path);
}

std::vector<std::string> StateDirectory::names() const {
    std::vector<std::string> names;
    if (!directory_) return names;
    // A new open file description: a duplicate would have the place in the listing in common with this one.
    const int again = ::openat(fd(), ".", kDirectory);
    const std::unique_ptr<DIR, decltype([](DIR* open) { ::closedir(open); })> listing(
        again < 0 ? nullptr : ::fdopendir(again));
    while (const dirent* entry = listing ? ::readdir(listing.get()) : nullptr)
        names.emplace_back(entry->d_name);
    return names;
}

Result<void> StateDirectory::replace_file(const std::string& name, std::string_view bytes) const {
    if (!directory_) return {};
    const std::string beside = name + ".new";
    // What a writer that was killed has left.
    ::unlinkat(fd(), beside.c_str(), 0);
    const UniqueFd file(::openat(fd(), beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                                 S_IRUSR | S_IWUSR));
    if (!file || !write_all(file.get(), bytes) || ::fsync(file.get()) != 0)
        return syscall_failed("write " + path_of(beside), ErrorCode::file);
    if (::renameat(fd(), beside.c_str(), fd(), name.c_str()) != 0)
        return syscall_failed("rename " + path_of(beside), ErrorCode::file);
    if (::fsync(fd()) != 0) return syscall_failed("sync " + path_, ErrorCode::file);
    return {};
}

Result<std::optional<std::string>> StateDirectory::read_file(const std::string& name,
                                                             std::size_t limit) const {
    if (!directory_) return std::nullopt;
    const std::string path = path_of(name);
    // Not waiting, where it is a pipe.
    const UniqueFd file(
        ::openat(fd(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
    if (!file && errno == ENOENT) return std::nullopt;
    if (!file) return syscall_failed("read " + path, ErrorCode::file);
    if (auto checked = check_file(file.get(), path); !checked) return std::unexpected(checked.error());
    auto bytes = read_whole(file.get(), path, limit);
    if (!bytes) return std::unexpected(bytes.error());
    return std::move(*bytes);
}

std::int64_t StateDirectory::changed_ns(const std::string& name) const {
    struct stat status {};
    if (!directory_ || ::fstatat(fd(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return 0;
    return status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec;
}

void StateDirectory::touch(const std::string& name) const {
    if (directory_) (void)::utimensat(fd(), name.c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
}

void StateDirectory::remove(const std::string& name) const {
    if (directory_) ::unlinkat(fd(), name.c_str(), 0);
}

}  // namespace packetsentry::base
