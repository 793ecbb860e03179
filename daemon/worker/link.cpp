#include "daemon/worker/link.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <array>
#include <utility>

namespace packetsentry::worker {

using base::ErrorCode;
using base::Result;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedOutputStream;

Link::Link(base::UniqueFd socket) : channel_(std::move(socket), proto::kRequestLimit, 0) {}

Result<void> Link::send(const wire::FromWorker& message) {
    auto sent = channel_.send(message);
    if (!sent) return std::unexpected(sent.error());
    return {};
}

Result<void> Link::send_batch(const std::string& batch) {
    // FromWorker{batch} without copying the batch into a message first.
    std::array<std::uint8_t, 16> head{};
    std::uint8_t* end = WireFormatLite::WriteTagToArray(
        wire::FromWorker::kBatchFieldNumber, WireFormatLite::WIRETYPE_LENGTH_DELIMITED, head.data());
    end = CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(batch.size()), end);
    const std::string_view head_bytes(reinterpret_cast<const char*>(head.data()),
                                      static_cast<std::size_t>(end - head.data()));
    auto sent = channel_.send_bytes(batch, {}, head_bytes);
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
    if (!*open) return base::fail(ErrorCode::unreachable, "the program that started this worker has ended");
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
