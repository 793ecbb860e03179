#include "daemon/spool/write/append_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "daemon/base/syscall.h"

namespace packetsentry::spool {
namespace {

constexpr std::uint64_t kWriteBack = 8U << 20;
// What is asked for at once, as a disk that others keep busy makes whoever asks wait.
constexpr std::uint64_t kPiece = 1U << 20;
constexpr std::uint64_t kPart = 4U << 20;

}  // namespace

base::Result<void> AppendFile::append(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t size = ::write(file_.get(), bytes.data(), bytes.size());
        if (size == 0) return base::fail(base::ErrorCode::file, "the file accepts no bytes");
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return base::syscall_failed("write to the spool", base::ErrorCode::file);
        bytes = bytes.subspan(static_cast<std::size_t>(size));
        appended_ += static_cast<std::uint64_t>(size);
    }
    return {};
}

// This is advice. The next sync does what it cannot do.
void AppendFile::begin_write_back(const std::atomic<std::uint64_t>& waiting) {
    if (appended_ - written_back_ < kWriteBack) return;
    while (written_back_ != appended_ && waiting < kBusy) {
        const std::uint64_t piece = std::min(kPiece, appended_ - written_back_);
        (void)::sync_file_range(file_.get(), static_cast<off_t>(written_back_), static_cast<off_t>(piece),
                                SYNC_FILE_RANGE_WRITE);
        written_back_ += piece;
    }
}

// An error is told once, so it must not be lost here. What is no file on a disk says so in the sync.
base::Result<bool> AppendFile::settle_part() {
    if (!open() || settled_ == appended_) return false;
    const std::uint64_t part = std::min(kPart, appended_ - settled_);
    const int outcome =
        ::sync_file_range(file_.get(), static_cast<off_t>(settled_), static_cast<off_t>(part),
                          SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
    if (outcome != 0 && (errno == EIO || errno == ENOSPC || errno == EDQUOT))
        return base::syscall_failed("write the spool to the disk", base::ErrorCode::file);
    settled_ = outcome == 0 ? settled_ + part : appended_;
    return settled_ != appended_;
}

base::Result<void> AppendFile::sync() {
    if (!open() || ::fdatasync(file_.get()) == 0) return {};
    return base::syscall_failed("write the spool to the disk", base::ErrorCode::file);
}

}  // namespace packetsentry::spool
