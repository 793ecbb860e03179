#include "daemon/worker/answer_pipe.h"

#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string_view>

#include "daemon/base/syscall.h"

namespace packetsentry::worker {
namespace {

constexpr std::size_t kTogether = 64 * 1024;

}  // namespace

base::Result<void> AnswerPipe::send(const wire::Answer& answer) {
    if (auto added = add(answer); !added) return added;
    return flush();
}

base::Result<void> AnswerPipe::add(const wire::Answer& answer) {
    const std::size_t size = answer.ByteSizeLong();
    for (unsigned i = 0; i < sizeof(std::uint32_t); ++i)
        frames_.push_back(static_cast<char>(size >> (8 * i)));
    answer.AppendToString(&frames_);
    return frames_.size() < kTogether ? base::Result<void>() : flush();
}

base::Result<void> AnswerPipe::flush() {
    std::string_view left = frames_;
    while (!left.empty()) {
        const ssize_t written = ::write(pipe_.get(), left.data(), left.size());
        if (written > 0) {
            left.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            closed_ = true;
            return base::syscall_failed("write the answer", base::ErrorCode::unreachable);
        }
    }
    frames_.clear();
    return {};
}

}  // namespace packetsentry::worker
