// Frames over a Unix stream socket: a 4-byte little-endian length, then one protobuf message.
// Descriptors travel beside the first byte of the frame that owns them.
//
// A Channel never waits: would-block is an ordinary answer, so the same code serves a poll loop, an
// Asio loop, and (after wait_readable) a plain client.
#pragma once

#include <google/protobuf/message_lite.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/base/closing.h"
#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::proto {

inline constexpr std::size_t kRequestLimit = 64 * 1024;           // bytes of a client's request
inline constexpr std::size_t kBatchFrameLimit = 4 * 1024 * 1024;  // bytes of a frame with rows
inline constexpr std::size_t kDescriptorLimit = 4;                // descriptors of one message

// Takes messages apart and puts them together on one connected socket, which it owns. One thread.
class Channel {
  public:
    // receive_limit: a longer incoming frame is an error, found before anything is allocated for it.
    // send_limit: bytes that may wait unsent before send() refuses; 0: none may be refused.
    Channel(base::UniqueFd socket, std::size_t receive_limit, std::size_t send_limit);
    Channel(Channel&&) noexcept = default;
    Channel& operator=(Channel&&) noexcept = default;
    ~Channel();

    // Reads what is there now (at most about 256 KiB). false: the peer has closed. Errors: the socket
    // failed, a frame over the limit, more descriptors than kDescriptorLimit or than this process can take.
    [[nodiscard]] base::Result<bool> receive();

    // The next whole frame, valid until the next call of receive() or next(). With it come the
    // descriptors that arrived up to its end: take them (and drop what was not asked for) after each frame,
    // or they count against the limit of the next.
    [[nodiscard]] std::optional<std::string_view> next();
    [[nodiscard]] std::vector<base::UniqueFd> take_descriptors();

    // Counts each descriptor that arrives, whatever becomes of it, until it is closed
    // (daemon/base/closing.h).
    void count_arrivals(base::Count count) { count_ = std::move(count); }

    // Queues a message and sends what the socket takes. false: refused, send_limit reached (nothing
    // of the message was queued). Descriptors are sent with it and stay the caller's.
    [[nodiscard]] base::Result<bool> send(const google::protobuf::MessageLite& message,
                                          std::span<const int> descriptors = {});
    // Sends a message that is serialised already. head: the first bytes of the message, where they stand
    // apart.
    [[nodiscard]] base::Result<bool> send_bytes(std::string_view message,
                                                std::span<const int> descriptors = {},
                                                std::string_view head = {});
    // Sends more of what waits. Error: the peer is gone; then nothing waits any more. What it sent before it
    // went is still here to be received, up to the end.
    [[nodiscard]] base::Result<void> flush();
    [[nodiscard]] std::size_t unsent() const { return unsent_; }
    [[nodiscard]] std::uint64_t sent() const { return sent_; }  // bytes of the channel's life
    // Bytes received and not yet given out: of frames begun, or not asked for yet.
    [[nodiscard]] std::size_t unread() const { return in_.size() - in_begin_; }
    // The last error of receive() was about descriptors.
    [[nodiscard]] bool refused_descriptors() const { return refused_descriptors_; }

    // Blocks until there is something to read (true) or timeout_ms passed (-1: none), flushing what
    // waits meanwhile. A peer that is gone is something to read: what it sent last, and then its end. For
    // programs without a loop.
    [[nodiscard]] base::Result<bool> wait_readable(int timeout_ms);
    // Blocks until all that waits is sent.
    [[nodiscard]] base::Result<void> drain();

    [[nodiscard]] int fd() const { return socket_.get(); }

  private:
    struct Outgoing {
        std::string bytes;
        std::vector<base::UniqueFd> descriptors;  // duplicates, sent with the first byte
    };
    [[nodiscard]] base::Result<bool> send_some();
    void forget_unsent();

    base::UniqueFd socket_;
    std::size_t receive_limit_;
    std::size_t send_limit_;
    std::string in_;
    std::size_t in_begin_ = 0;
    // A descriptor not yet given out. The kernel ends a read after the piece that carried one, so the
    // last byte of that read belongs to its frame.
    struct Arrived {
        base::UniqueFd fd;
        std::uint64_t last_byte;  // counted over the channel's life
    };
    std::vector<Arrived> arrived_;
    base::Count count_;            // of descriptors that arrive; may be null
    std::uint64_t in_offset_ = 0;  // bytes of the channel's life before in_
    std::deque<Outgoing> out_;
    std::size_t out_sent_ = 0;  // bytes of out_.front() already sent
    std::size_t unsent_ = 0;
    std::uint64_t sent_ = 0;
    bool refused_descriptors_ = false;
};

}  // namespace packetsentry::proto
