// Which interfaces of a source a section of a pcapng file has described, and their numbers there.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace packetsentry::capture {

// index: in PacketSource::interfaces().
class DescribedInterfaces {
  public:
    // Returns nothing for an interface that has not been described yet.
    [[nodiscard]] std::optional<std::uint32_t> number(std::uint32_t index) const {
        return index < numbers_.size() ? numbers_[index] : std::nullopt;
    }
    // The interface was not described, and now its description is written. Returns its number.
    std::uint32_t add(std::uint32_t index) {
        if (index >= numbers_.size()) numbers_.resize(index + 1);
        numbers_[index] = count_;
        return count_++;
    }
    [[nodiscard]] std::uint32_t count() const { return count_; }
    // Another section begins.
    void clear() {
        numbers_.clear();
        count_ = 0;
    }

  private:
    std::vector<std::optional<std::uint32_t>> numbers_;
    std::uint32_t count_ = 0;
};

}  // namespace packetsentry::capture
