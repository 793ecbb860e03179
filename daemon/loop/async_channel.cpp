#include "daemon/loop/async_channel.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace packetsentry::loop {

namespace asio = boost::asio;
using Wait = asio::posix::descriptor_base;

AsyncChannel::AsyncChannel(const asio::any_io_executor& executor, proto::Channel channel)
    : descriptor_(executor, channel.fd()), channel_(std::move(channel)) {}

AsyncChannel::~AsyncChannel() {
    if (descriptor_.is_open()) descriptor_.release();
}

asio::awaitable<base::Result<std::optional<Frame>>> AsyncChannel::next() {
    for (;;) {
        if (auto frame = buffered()) co_return frame;
        if (closed()) co_return std::nullopt;
        boost::system::error_code error;
        co_await descriptor_.async_wait(Wait::wait_read, asio::redirect_error(asio::use_awaitable, error));
        if (closed()) co_return std::nullopt;
        if (gate_) {
            auto may = co_await gate_();
            if (closed()) co_return std::nullopt;
            if (!may) co_return std::unexpected(may.error());
        }
        auto open = channel_->receive();
        if (!open) co_return std::unexpected(open.error());
        if (!*open) close();
    }
}

std::optional<Frame> AsyncChannel::buffered() {
    if (closed()) return std::nullopt;
    const auto bytes = channel_->next();
    charge();
    if (!bytes) return std::nullopt;
    return Frame{*bytes, channel_->take_descriptors()};
}

bool AsyncChannel::send(const google::protobuf::MessageLite& message, std::span<const int> descriptors) {
    if (!sendable()) return false;
    const auto sent = channel_->send(message, descriptors);
    charge();
    if (!sent) send_error_ = sent.error();
    if (sent && !*sent)
        send_error_ = base::Error{base::ErrorCode::unreachable, "too much data waits to be sent"};
    if (sendable()) send_rest_later();
    return sendable();
}

void AsyncChannel::charge() {
    if (account_) account_(unread() + unsent());
}

void AsyncChannel::send_rest_later() {
    if (writing_ || unsent() == 0) return;
    writing_ = true;
    descriptor_.async_wait(Wait::wait_write, [self = shared_from_this()](const boost::system::error_code&) {
        self->writing_ = false;
        self->writable();
    });
}

void AsyncChannel::writable() {
    if (!sendable()) return;
    if (auto sent = channel_->flush(); !sent) send_error_ = sent.error();
    charge();
    if (sendable()) send_rest_later();
    changed_.notify();
}

void AsyncChannel::close() {
    if (closed()) return;
    descriptor_.release();
    channel_.reset();
    changed_.notify();
}

}  // namespace packetsentry::loop
