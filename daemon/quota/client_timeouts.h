// How long a client may let the daemon wait: for its hello, for the rest of a message it has begun, for
// taking some of what is to be sent to it. Pure: looked at about once a second.
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
        bool reading = false;        // what is unread is part of a message
        std::uint64_t messages = 0;  // whole ones so far
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
