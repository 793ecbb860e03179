// What was refused, by kind, since the daemon started.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace packetsentry::quota {

enum class Refusal : std::uint8_t {
    connections,   // too many
    permission,    // of a connection or a request
    greeting,      // none, late, or of another version
    message,       // too long, or no request
    slow_message,  // begun and not completed
    descriptors,   // more than a message may carry, or its user have open
    slow_reader,   // took nothing of what waited
    streams,       // too many
    jobs,          // too many
    requests,      // answered with any other error
};

class Refusals {
  public:
    static constexpr std::size_t kKinds = 10;

    void count(Refusal kind) { ++counts_[static_cast<std::size_t>(kind)]; }
    [[nodiscard]] std::uint64_t of(Refusal kind) const { return counts_[static_cast<std::size_t>(kind)]; }
    [[nodiscard]] std::uint64_t all() const;

  private:
    std::array<std::uint64_t, kKinds> counts_{};
};

// As clients see it.
[[nodiscard]] std::string_view name_of(Refusal kind);

}  // namespace packetsentry::quota
