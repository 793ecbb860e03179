#include "daemon/spool/write/append_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "daemon/base/syscall.h"

namespace packetsentry::spool {
namespace {

constexpr std::uint64_t kWriteBack = 8U << 20;

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
    begin_write_back();
    return {};
}

// This is advice. The next sync does what it cannot do.
void AppendFile::begin_write_back() {
    if (appended_ - written_back_ < kWriteBack) return;
    (void)::sync_file_range(file_.get(), static_cast<off_t>(written_back_),
                            static_cast<off_t>(appended_ - written_back_), SYNC_FILE_RANGE_WRITE);
    written_back_ = appended_;
}

base::Result<void> AppendFile::sync() {
    if (!open() || ::fdatasync(file_.get()) == 0) return {};
    return base::syscall_failed("write the spool to the disk", base::ErrorCode::file);
}

}  // namespace packetsentry::spool
