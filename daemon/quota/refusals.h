// Counts what was refused, by kind, since the daemon was started.
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
    slow_message,  // not completed in time
    descriptors,   // more than a message may have, or its user may have open
    slow_reader,   // read nothing although data waited
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

// Returns the name that clients see.
[[nodiscard]] std::string_view name_of(Refusal kind);

}  // namespace packetsentry::quota
