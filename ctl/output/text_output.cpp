#include "ctl/output/text_output.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "ctl/output/stop_signal.h"
#include "daemon/base/syscall.h"

namespace packetsentry::ctl {
namespace {

constexpr int kSignalsToGiveUp = 2;

// Somebody else's non-blocking terminal or pipe.
void wait_writable(int fd) {
    pollfd entry{fd, POLLOUT, 0};
    (void)::poll(&entry, 1, -1);
}

}  // namespace

base::Result<bool> write_text(int fd, std::string_view text, std::string_view name) {
    while (!text.empty()) {
        const ssize_t size = ::write(fd, text.data(), text.size());
        if (size >= 0) {
            text.remove_prefix(static_cast<std::size_t>(size));
            continue;
        }
        if (errno == EPIPE) return false;
        if (errno != EINTR && errno != EAGAIN)
            return base::fail(base::ErrorCode::file, base::syscall_text("write " + std::string(name)));
        if (StopSignal::count() >= kSignalsToGiveUp) return false;
        if (errno == EAGAIN) wait_writable(fd);
    }
    return true;
}

}  // namespace packetsentry::ctl
