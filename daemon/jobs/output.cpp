#include "daemon/jobs/output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <utility>

namespace packetsentry::jobs {

namespace {

// statx() that asks nobody: fstat() asks a file system that may be the user's own, and need not answer.
std::optional<struct statx> look_at(int fd, unsigned wanted) {
    struct statx status {};
    if (::statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE | wanted, &status) != 0)
        return std::nullopt;
    return status;
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

Output::Output(base::UniqueFd descriptor)
    : descriptor_(std::move(descriptor)),
      id_(open() ? file_id(fd()) : std::nullopt),
      named_(open() && !is_removed(fd())) {}

std::optional<off_t> Output::worker_begins() {
    const auto whole = std::exchange(whole_, std::nullopt);
    begin_ = whole || !open() ? whole : file_size(fd());
    return whole;
}

void Output::worker_died(std::uint64_t reported_bytes) {
    if (!begin_) return;
    const std::uint64_t whole = static_cast<std::uint64_t>(*begin_) + reported_bytes;
    const auto size = file_size(fd());
    if (!size) return;
    // Where nothing was saved, this is set even if the file is empty: it tells a successor that was to
    // continue the file that there is nothing to continue.
    if (static_cast<std::uint64_t>(*size) > whole || whole == 0) whole_ = static_cast<off_t>(whole);
}

}  // namespace packetsentry::jobs
