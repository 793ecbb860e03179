// Limits how long a client may let the daemon wait: for its hello, for the rest of a message, and until it
// reads some of the data that waits for it. It does no I/O and reads no clock; the caller asks it about once
// a second.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace packetsentry::quota {

class ClientTimeouts {
  public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds kForHello{10};
    static constexpr std::chrono::seconds kForMessage{10};

    struct Seen {
        bool greeted = false;
        bool reading = false;        // the unread bytes are part of an incomplete message
        std::uint64_t messages = 0;  // complete messages so far
        std::size_t unread = 0;
        std::uint64_t sent = 0;  // bytes so far
        std::size_t unsent = 0;
    };
    enum class Verdict : std::uint8_t { wait, no_hello, slow_message, slow_reader };

    explicit ClientTimeouts(Time now) : begin_(now), message_since_(now), unsent_since_(now) {}

    [[nodiscard]] Verdict look(Time now, const Seen& seen, std::chrono::seconds for_reader);

  private:
    Time begin_;
    Time message_since_;
    std::uint64_t messages_ = 0;
    Time unsent_since_;
    std::uint64_t sent_ = 0;
};

}  // namespace packetsentry::quota
