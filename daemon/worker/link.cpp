#include "daemon/worker/link.h"

#include <utility>

namespace packetsentry::worker {

using base::ErrorCode;
using base::Result;

Link::Link(base::UniqueFd socket) : channel_(std::move(socket), proto::kRequestLimit, 0) {}

Result<void> Link::send(const wire::FromWorker& message) {
    auto sent = channel_.send(message);
    if (!sent) return std::unexpected(sent.error());
    return {};
}

Result<void> Link::send_batch(const std::string& batch) {
    batch_message_.set_batch(batch);
    batch_bytes_.clear();
    batch_message_.AppendToString(&batch_bytes_);
    auto sent = channel_.send_bytes(batch_bytes_);
    if (!sent) return std::unexpected(sent.error());
    return {};
}

Result<std::optional<wire::ToWorker>> Link::next() {
    const auto frame = channel_.next();
    if (!frame) return std::nullopt;
    wire::ToWorker message;
    if (!message.ParseFromArray(frame->data(), static_cast<int>(frame->size())))
        return base::fail(ErrorCode::usage, "a message that is not one of the worker's");
    return message;
}

Result<std::optional<wire::ToWorker>> Link::receive() {
    if (auto message = next(); !message || *message) return message;
    auto open = channel_.receive();
    if (!open) return std::unexpected(open.error());
    if (!*open) return base::fail(ErrorCode::unreachable, "whoever started this worker has gone");
    return next();
}

Result<wire::ToWorker> Link::wait() {
    for (;;) {
        auto message = receive();
        if (!message) return std::unexpected(message.error());
        if (*message) return std::move(**message);
        if (auto readable = channel_.wait_readable(-1); !readable) return std::unexpected(readable.error());
    }
}

}  // namespace packetsentry::worker
