// Sends and receives frames over a Unix stream socket. A frame is a 4-byte little-endian length and one
// protobuf message. Descriptors are sent together with the first byte of the frame to which they belong.
// Frames can also be received from a pipe, which carries no descriptors.
//
// Except for wait_readable() and drain(), a Channel never blocks. So the same code can be used by a poll
// loop, by an Asio loop, and by a simple client that calls wait_readable().
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

// Owns one connected socket, or the reading end of a pipe. Used by one thread.
class Channel {
  public:
    // A pipe must be non-blocking; nothing can be sent over it.
    // receive_limit: a longer incoming frame is an error, which is found before memory is allocated for it.
    // send_limit: if this number of bytes waits to be sent, send() refuses further messages; 0: it never
    // refuses.
    Channel(base::UniqueFd socket, std::size_t receive_limit, std::size_t send_limit);
    Channel(Channel&&) noexcept = default;
    Channel& operator=(Channel&&) noexcept = default;
    ~Channel();

    // Reads the data that has arrived, at most about 256 KiB. Returns false if the peer has closed the
    // connection. Errors: unreachable (the socket failed, or this process has no free descriptor for one that
    // arrived), usage (a frame exceeds the limit, or has more descriptors than kDescriptorLimit).
    [[nodiscard]] base::Result<bool> receive();

    // Returns the next complete frame, valid until the next call of receive() or next(). Call
    // take_descriptors() after each frame: it returns the descriptors that arrived up to the frame's end. If
    // they are not taken, they count against the limit of the next frame.
    [[nodiscard]] std::optional<std::string_view> next();
    [[nodiscard]] std::vector<base::UniqueFd> take_descriptors();

    // Counts each descriptor that arrives, until it is closed by whoever has it then (daemon/base/closing.h).
    void count_arrivals(base::Count count) { count_ = std::move(count); }

    // Queues a message, and sends as much as the socket accepts. Returns false, and queues nothing, if
    // send_limit is reached. The descriptors are duplicated; the caller keeps its own.
    [[nodiscard]] base::Result<bool> send(const google::protobuf::MessageLite& message,
                                          std::span<const int> descriptors = {});
    // Sends a message that is already serialised. head: bytes of the message before those in message.
    [[nodiscard]] base::Result<bool> send_bytes(std::string_view message,
                                                std::span<const int> descriptors = {},
                                                std::string_view head = {});
    // Sends more of the queued data. Error (unreachable): the peer is gone, and the queued data is discarded.
    // Data that the peer had sent before can still be received.
    [[nodiscard]] base::Result<void> flush();
    [[nodiscard]] std::size_t unsent() const { return unsent_; }
    [[nodiscard]] std::uint64_t sent() const { return sent_; }  // bytes since the channel was made
    // Returns how many received bytes next() has not returned yet, including those of an incomplete frame.
    [[nodiscard]] std::size_t unread() const { return in_.size() - in_begin_; }
    // Tells whether the last error of receive() was about descriptors.
    [[nodiscard]] bool refused_descriptors() const { return refused_descriptors_; }

    // For programs without a loop. Blocks until there is something to read, and returns true, or until
    // timeout_ms has passed (-1: no limit), and returns false. Sends queued data meanwhile. If the peer is
    // gone, this returns true, because its last data and the end of the connection can be read.
    [[nodiscard]] base::Result<bool> wait_readable(int timeout_ms);
    // Blocks until all queued data is sent.
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
    bool is_socket_ = true;  // it is no pipe
    std::size_t receive_limit_;
    std::size_t send_limit_;
    std::string in_;
    std::size_t in_begin_ = 0;
    // A descriptor that has not been taken yet. The kernel ends a read after the data that came with a
    // descriptor, so the last byte of that read belongs to the descriptor's frame.
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
