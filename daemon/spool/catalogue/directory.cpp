#include "daemon/spool/catalogue/directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "daemon/base/syscall.h"
#include "daemon/base/trusted_path.h"

namespace packetsentry::spool {
namespace {

using base::ErrorCode;
using base::UniqueFd;

constexpr mode_t kDirectoryMode = S_IRWXU;
constexpr mode_t kFileMode = S_IRUSR | S_IWUSR;
constexpr mode_t kWritableByOthers = S_IWGRP | S_IWOTH;
constexpr int kOpenDirectory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr int kOpenFile = O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;  // O_NONBLOCK: it may be a pipe

struct CloseListing {
    void operator()(DIR* listing) const { ::closedir(listing); }
};

std::unexpected<base::Error> disk_failed(const std::string& attempted) {
    return base::syscall_failed(attempted, ErrorCode::file);
}

// Whoever owns it, or could write it, may have put files into it.
base::Result<void> check_directory(int directory, const std::string& path) {
    struct stat status {};
    if (::fstat(directory, &status) != 0) return disk_failed("examine '" + path + "'");
    if (status.st_uid != ::geteuid())
        return base::fail(ErrorCode::file, "the spool's directory '" + path + "' belongs to uid " +
                                               std::to_string(status.st_uid) + " and not to uid " +
                                               std::to_string(::geteuid()) + "; 'chown " +
                                               std::to_string(::geteuid()) + " " + path +
                                               "', or choose another directory");
    if ((status.st_mode & kWritableByOthers) != 0)
        return base::fail(ErrorCode::file, "the spool's directory '" + path +
                                               "' can be written by others, who may have put files into it; "
                                               "look at what is in it, and then 'chmod go-w " +
                                               path + "'");
    return {};
}

base::Result<UniqueFd> open_directory(int parent, const std::string& name, const std::string& path) {
    UniqueFd directory(::openat(parent, name.c_str(), kOpenDirectory));
    if (!directory && (errno == ELOOP || errno == ENOTDIR))
        return base::fail(ErrorCode::file,
                          "the spool's directory '" + path +
                              "' is a symbolic link, or not a directory; name the directory itself");
    if (!directory) return disk_failed("open the spool's directory '" + path + "'");
    if (auto checked = check_directory(directory.get(), path); !checked)
        return std::unexpected(checked.error());
    return directory;
}

base::Result<void> make_directory(int parent, const std::string& name, const std::string& path) {
    if (::mkdirat(parent, name.c_str(), kDirectoryMode) != 0)
        return errno == EEXIST ? base::Result<void>()
                               : disk_failed("make the spool's directory '" + path + "'");
    if (::fchmodat(parent, name.c_str(), kDirectoryMode, 0) != 0)
        return disk_failed("set the mode of the spool's directory '" + path + "'");
    return {};
}

base::Result<void> check_ordinary(int file, const std::string& path) {
    struct stat status {};
    if (::fstat(file, &status) != 0) return disk_failed("examine '" + path + "'");
    if (!S_ISREG(status.st_mode))
        return base::fail(ErrorCode::file, "'" + path + "' is not an ordinary file; remove it");
    if (status.st_uid != ::geteuid() || (status.st_mode & kWritableByOthers) != 0)
        return base::fail(ErrorCode::file,
                          "'" + path + "' could have been written by others, so it is not used; remove it");
    return {};
}

// Returns the bytes as far as they are within the limit, and one more if there are more.
base::Result<std::string> read_up_to(int file, std::size_t limit, const std::string& path) {
    std::string bytes(std::min<std::size_t>(size_of(file), limit) + 1, '\0');
    std::size_t size = 0;
    while (size < bytes.size()) {
        const ssize_t more = ::read(file, bytes.data() + size, bytes.size() - size);
        if (more < 0 && errno == EINTR) continue;
        if (more < 0) return disk_failed("read '" + path + "'");
        if (more == 0) break;
        size += static_cast<std::size_t>(more);
    }
    bytes.resize(size);
    return bytes;
}

}  // namespace

bool write_whole(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t size = ::write(file, bytes.data(), bytes.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
}

std::uint64_t size_of(int file) {
    struct stat status {};
    return ::fstat(file, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

base::Result<Directory> Directory::open(const std::string& path) {
    if (auto way = base::check_way(path, ::geteuid()); !way) return std::unexpected(way.error());
    if (auto made = make_directory(AT_FDCWD, path, path); !made) return std::unexpected(made.error());
    auto directory = open_directory(AT_FDCWD, path, path);
    if (!directory) return std::unexpected(directory.error());
    return Directory(std::move(*directory), path);
}

base::Result<Directory> Directory::subdirectory(const std::string& name) const {
    auto directory = open_directory(fd(), name, path_of(name));
    if (!directory) return std::unexpected(directory.error());
    return Directory(std::move(*directory), path_of(name));
}

base::Result<Directory> Directory::make_subdirectory(const std::string& name) const {
    if (auto made = make_directory(fd(), name, path_of(name)); !made) return std::unexpected(made.error());
    if (auto synced = sync(); !synced) return std::unexpected(synced.error());
    return subdirectory(name);
}

base::Result<std::vector<std::string>> Directory::names() const {
    // A duplicate of the descriptor would share its position in the listing.
    const int again = ::openat(fd(), ".", kOpenDirectory);
    const std::unique_ptr<DIR, CloseListing> listing(again < 0 ? nullptr : ::fdopendir(again));
    if (!listing) return disk_failed("list '" + path_ + "'");
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(listing.get())) names.emplace_back(entry->d_name);
    if (errno != 0) return disk_failed("list '" + path_ + "'");
    return names;
}

base::Result<UniqueFd> Directory::create(const std::string& name) const {
    UniqueFd file(
        ::openat(fd(), name.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | kOpenFile, kFileMode));
    if (!file || ::fchmod(file.get(), kFileMode) != 0) return disk_failed("make '" + path_of(name) + "'");
    return file;
}

base::Result<UniqueFd> Directory::open_file(const std::string& name, int flags) const {
    UniqueFd file(::openat(fd(), name.c_str(), flags | kOpenFile));
    if (!file && errno == ENOENT) return file;
    if (!file && errno == ELOOP)
        return base::fail(ErrorCode::file,
                          "'" + path_of(name) + "' is a symbolic link, which is not followed; remove it");
    if (!file) return disk_failed("open '" + path_of(name) + "'");
    if (auto checked = check_ordinary(file.get(), path_of(name)); !checked)
        return std::unexpected(checked.error());
    return file;
}

base::Result<UniqueFd> Directory::open_to_read(const std::string& name) const {
    return open_file(name, O_RDONLY);
}

base::Result<UniqueFd> Directory::open_to_append(const std::string& name) const {
    return open_file(name, O_WRONLY | O_APPEND);
}

bool Directory::has_bytes(const std::string& name, std::uint64_t bytes) const {
    struct stat status {};
    if (::fstatat(fd(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
        return errno != ENOENT && errno != ENOTDIR;
    return static_cast<std::uint64_t>(status.st_size) >= bytes;
}

base::Result<std::optional<std::string>> Directory::read_file(const std::string& name,
                                                              std::size_t limit) const {
    const auto file = open_to_read(name);
    if (!file) return std::unexpected(file.error());
    if (!*file) return std::nullopt;
    auto bytes = read_up_to(file->get(), limit, path_of(name));
    if (!bytes) return std::unexpected(bytes.error());
    if (bytes->size() > limit)
        return base::fail(ErrorCode::file, "'" + path_of(name) + "' is longer than " + std::to_string(limit) +
                                               " bytes, so it is not used");
    return std::move(*bytes);
}

base::Result<void> Directory::replace_file(const std::string& name, std::string_view bytes) const {
    const std::string beside = name + std::string(kUnfinished);
    if (auto removed = remove(beside); !removed) return removed;
    const auto file = create(beside);
    if (!file) return std::unexpected(file.error());
    if (!write_whole(file->get(), bytes) || ::fsync(file->get()) != 0) {
        const auto failed = disk_failed("write '" + path_of(beside) + "'");
        (void)remove(beside);  // the disk may be full
        return failed;
    }
    return rename(beside, name);
}

base::Result<void> Directory::rename(const std::string& from, const std::string& to) const {
    if (::renameat(fd(), from.c_str(), fd(), to.c_str()) != 0)
        return disk_failed("rename '" + path_of(from) + "'");
    return sync();
}

base::Result<void> Directory::sync() const {
    if (::fsync(fd()) != 0) return disk_failed("write the directory '" + path_ + "' to the disk");
    return {};
}

base::Result<void> Directory::remove(const std::string& name) const {
    if (::unlinkat(fd(), name.c_str(), 0) != 0 && errno != ENOENT)
        return disk_failed("remove '" + path_of(name) + "'");
    return {};
}

base::Result<void> Directory::remove_subdirectory(const std::string& name) const {
    if (::unlinkat(fd(), name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT)
        return disk_failed("remove '" + path_of(name) + "'");
    return {};
}

}  // namespace packetsentry::spool
