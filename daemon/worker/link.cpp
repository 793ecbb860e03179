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

namespace {

// Writes the tag of a field that has a length, and the length. Returns where it ended.
std::uint8_t* length_delimited(int field, std::size_t size, std::uint8_t* to) {
    to = WireFormatLite::WriteTagToArray(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED, to);
    return CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(size), to);
}

std::string_view written(const std::array<std::uint8_t, 16>& bytes, const std::uint8_t* end) {
    return {reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(end - bytes.data())};
}

}  // namespace

Link::Link(base::UniqueFd socket) : channel_(std::move(socket), proto::kRequestLimit, 0) {}

Result<void> Link::send(const wire::FromWorker& message) {
    auto sent = noted(channel_.send(message));
    if (!sent) return std::unexpected(sent.error());
    return {};
}

// Sends FromWorker{rows{ledger, batch}} without copying the batch into a message first: what stands before
// the batch's bytes is put together here.
Result<void> Link::send_rows(const wire::Ledger& ledger, const std::string& batch) {
    wire::NewRows counts;
    *counts.mutable_ledger() = ledger;
    std::array<std::uint8_t, 16> tag{};
    const std::string_view before_batch =
        written(tag, length_delimited(wire::NewRows::kBatchFieldNumber, batch.size(), tag.data()));
    const std::string counted = counts.SerializeAsString();
    std::array<std::uint8_t, 16> head{};
    const std::size_t size = counted.size() + before_batch.size() + batch.size();
    std::string whole_head(
        written(head, length_delimited(wire::FromWorker::kRowsFieldNumber, size, head.data())));
    whole_head += counted;
    whole_head += before_batch;
    auto sent = noted(channel_.send_bytes(batch, {}, whole_head));
    if (!sent) return std::unexpected(sent.error());
    return {};
}

Result<std::optional<wire::ToWorker>> Link::next() {
    const auto frame = channel_.next();
    if (!frame) return std::nullopt;
    wire::ToWorker message;
    if (!message.ParseFromArray(frame->data(), static_cast<int>(frame->size()))) {
        broken_ = true;
        return base::fail(ErrorCode::usage, "the message is not one that a worker receives");
    }
    return message;
}

Result<std::optional<wire::ToWorker>> Link::receive() {
    if (auto message = next(); !message || *message) return message;
    auto open = noted(channel_.receive());
    if (!open) return std::unexpected(open.error());
    if (!*open) {
        broken_ = true;
        return base::fail(ErrorCode::unreachable, "the program that started this worker has ended");
    }
    return next();
}

Result<wire::ToWorker> Link::wait() {
    for (;;) {
        auto message = receive();
        if (!message) return std::unexpected(message.error());
        if (*message) return std::move(**message);
        if (auto readable = noted(channel_.wait_readable(-1)); !readable)
            return std::unexpected(readable.error());
    }
}

}  // namespace packetsentry::worker
