#include "daemon/worker/answer_pipe.h"

#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string_view>

#include "daemon/base/syscall.h"

namespace packetsentry::worker {

base::Result<void> AnswerPipe::send(const wire::Answer& answer) {
    const std::size_t size = answer.ByteSizeLong();
    frame_.clear();
    for (unsigned i = 0; i < sizeof(std::uint32_t); ++i) frame_.push_back(static_cast<char>(size >> (8 * i)));
    answer.AppendToString(&frame_);
    for (std::string_view left = frame_; !left.empty();) {
        const ssize_t written = ::write(pipe_.get(), left.data(), left.size());
        if (written > 0) {
            left.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            closed_ = true;
            return base::syscall_failed("write the answer", base::ErrorCode::unreachable);
        }
    }
    return {};
}

}  // namespace packetsentry::worker
