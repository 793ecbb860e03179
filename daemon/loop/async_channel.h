// Runs a proto::Channel on the loop: coroutines wait for complete frames, and data that cannot be sent yet is
// sent later.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/loop/change_event.h"
#include "proto/link/channel.h"

namespace packetsentry::loop {

struct Frame {
    std::string_view bytes;  // until the next call of next() or close()
    std::vector<base::UniqueFd> descriptors;
};

// Always held by a shared_ptr. One coroutine calls next(); anybody on the loop's thread the rest.
class AsyncChannel : public std::enable_shared_from_this<AsyncChannel> {
  public:
    AsyncChannel(const boost::asio::any_io_executor& executor, proto::Channel channel);
    ~AsyncChannel();

    // The next frame; none: closed, by the peer or by close(). Errors are the peer's (proto::Channel);
    // the channel is then still open for a last word.
    [[nodiscard]] boost::asio::awaitable<base::Result<std::optional<Frame>>> next();

    // Queues and sends. false: the peer takes no more, for good; what it has sent can still be read.
    bool send(const google::protobuf::MessageLite& message, std::span<const int> descriptors = {});
    [[nodiscard]] int fd() const { return channel_ ? channel_->fd() : -1; }
    [[nodiscard]] std::size_t unsent() const { return channel_ ? channel_->unsent() : 0; }
    [[nodiscard]] std::size_t unread() const { return channel_ ? channel_->unread() : 0; }
    [[nodiscard]] std::uint64_t sent() const { return channel_ ? channel_->sent() : 0; }
    // The error that next() gave was about descriptors.
    [[nodiscard]] bool refused_descriptors() const { return channel_ && channel_->refused_descriptors(); }

    // Asked when something has come, and may take its time. An error is what next() gives: nothing is read.
    using Gate = std::function<boost::asio::awaitable<base::Result<void>>()>;
    void read_after(Gate gate) { gate_ = std::move(gate); }

    // Called with unread() + unsent() where that may have changed, until this is closed; not with close().
    void charge_to(std::function<void(std::size_t)> account) { account_ = std::move(account); }

    // proto::Channel's.
    void count_arrivals(base::Count count) {
        if (channel_) channel_->count_arrivals(std::move(count));
    }

    // At once, whatever waits; next() then gives none.
    void close();
    [[nodiscard]] bool closed() const { return !channel_; }
    [[nodiscard]] bool sendable() const { return channel_ && !send_error_; }
    // Why not, where it was not the peer: internal, a descriptor could not be passed on.
    [[nodiscard]] const std::optional<base::Error>& send_error() const { return send_error_; }

    // Some of what waited was sent, or nothing more can be.
    [[nodiscard]] ChangeEvent& changed() { return changed_; }

  private:
    [[nodiscard]] std::optional<Frame> buffered();
    void charge();
    void send_rest_later();
    void writable();

    boost::asio::posix::stream_descriptor descriptor_;
    std::optional<proto::Channel> channel_;  // owns what descriptor_ only watches
    ChangeEvent changed_;
    Gate gate_;  // may be none
    std::function<void(std::size_t)> account_;
    bool writing_ = false;
    std::optional<base::Error> send_error_;
};

}  // namespace packetsentry::loop
