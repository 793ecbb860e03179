#include "daemon/spool/search/spool_file.h"

#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "daemon/base/syscall.h"

namespace packetsentry::spool {

base::Result<std::size_t> SpoolFile::read(std::uint64_t offset, std::span<std::byte> room) const {
    if (offset >= bytes_) return std::size_t{0};
    room = room.first(static_cast<std::size_t>(std::min<std::uint64_t>(room.size(), bytes_ - offset)));
    std::size_t done = 0;
    while (done < room.size()) {
        const ssize_t got =
            ::pread(fd_.get(), room.data() + done, room.size() - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return base::syscall_failed("read a file of the spool", base::ErrorCode::file);
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

base::Result<std::string> SpoolFile::read(std::uint64_t offset, std::size_t size) const {
    if (offset >= bytes_) return std::string();
    std::string read_bytes(static_cast<std::size_t>(std::min<std::uint64_t>(size, bytes_ - offset)), '\0');
    const auto done = read(offset, std::as_writable_bytes(std::span(read_bytes)));
    if (!done) return std::unexpected(done.error());
    read_bytes.resize(*done);
    return read_bytes;
}

}  // namespace packetsentry::spool
