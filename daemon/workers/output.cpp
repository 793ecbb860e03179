#include "daemon/workers/output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <string_view>
#include <utility>

#include "daemon/base/local_file.h"

namespace packetsentry::workers {

namespace {

// statx() that asks nobody: fstat() asks a file system that may be the user's own, and need not answer.
std::optional<struct statx> look_at(int fd, unsigned wanted) {
    struct statx status {};
    if (::statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE | wanted, &status) != 0)
        return std::nullopt;
    return status;
}

constexpr std::size_t kPathLimit = 4096;  // a job whose output has a longer name could not be stored
constexpr std::string_view kDeleted = " (deleted)";  // what the kernel puts behind a name that is no more

// Returns the path of an open file as the kernel tells it, and "" where it tells none: there is no /proc, the
// path is too long, or it is no file. The kernel knows the path by itself.
std::string path_of(int fd) {
    std::array<char, kPathLimit> text{};
    const ssize_t size =
        ::readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), text.data(), text.size());
    if (size <= 0 || static_cast<std::size_t>(size) == text.size() || text.front() != '/') return "";
    return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

std::optional<off_t> file_size(int fd) {
    const auto status = look_at(fd, STATX_SIZE);
    if (!status || !S_ISREG(status->stx_mode)) return std::nullopt;
    return static_cast<off_t>(status->stx_size);
}

std::optional<FileId> file_id(int fd) {
    const auto status = look_at(fd, STATX_INO);
    if (!status || (!S_ISREG(status->stx_mode) && !S_ISFIFO(status->stx_mode))) return std::nullopt;
    return FileId{makedev(status->stx_dev_major, status->stx_dev_minor), status->stx_ino};
}

bool is_removed(int fd) {
    const auto status = look_at(fd, STATX_NLINK);
    return status && S_ISREG(status->stx_mode) && status->stx_nlink == 0;
}

bool is_truncated(int fd, std::uint64_t written) {
    const auto size = file_size(fd);
    return size && static_cast<std::uint64_t>(*size) < written && base::is_local(fd);
}

Output::Output(base::UniqueFd descriptor)
    : descriptor_(std::move(descriptor)),
      id_(open() ? file_id(fd()) : std::nullopt),
      named_(open() && !is_removed(fd())) {}

std::optional<off_t> Output::worker_begins() {
    const auto whole = std::exchange(whole_, std::nullopt);
    begin_ = whole || !open() ? whole : file_size(fd());
    return whole;
}

void Output::worker_reported(std::uint64_t bytes) {
    confirmed_ = std::exchange(reported_, bytes);
}

void Output::worker_ended(std::uint64_t bytes) {
    written_ += bytes;
    confirmed_ = reported_ = 0;
}

void Output::worker_died(std::uint64_t reported_bytes) {
    worker_ended(confirmed_);
    if (!begin_) return;
    const std::uint64_t whole = static_cast<std::uint64_t>(*begin_) + reported_bytes;
    const auto size = file_size(fd());
    if (!size) return;
    // Where nothing was saved, this is set even if the file is empty: it tells a successor that was to
    // continue the file that there is nothing to continue.
    if (static_cast<std::uint64_t>(*size) > whole || whole == 0) whole_ = static_cast<off_t>(whole);
}

// A file in a mount that is gone, such as one of a mount namespace that has ended, has a path that begins at
// the root of its file system: the end of the name that the user sees.
void Output::named_as(const std::string& name) {
    path_ = open() && base::is_local(fd()) ? path_of(fd()) : "";
    named_alike_ = !path_.empty() && name.ends_with(path_);
    if (named_alike_)
        outside_ = name.substr(0, name.size() - path_.size());
    else if (path_.ends_with(kDeleted))
        path_.clear();
}

std::optional<std::string> Output::take_move() {
    if (path_.empty()) return std::nullopt;
    std::string path = path_of(fd());
    // The path first: a file that is removed after it was read is not taken for one that was moved.
    if (path.empty() || path == path_ || removed()) return std::nullopt;
    // The file is where it was, and its mount is gone.
    if (path_.ends_with(path)) {
        outside_ += path_.substr(0, path_.size() - path.size());
        path_ = std::move(path);
        return std::nullopt;
    }
    std::string name = outside_ + path;
    const bool known = named_alike_ && !path.ends_with(kDeleted) && name.size() <= kPathLimit;
    path_ = known ? std::move(path) : "";
    return known ? std::move(name) : "";
}

}  // namespace packetsentry::workers
