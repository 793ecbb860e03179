// A column of two-byte numbers under construction.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "proto/rows/two_byte_numbers.h"

namespace packetsentry::record {

// Numbers apart from the batch they will go to: adding one is a store, and sealing them a copy.
class ShortColumn {
  public:
    void add(std::uint16_t value) { values_.push_back(value); }
    void clear() { values_.clear(); }  // keeps what it has grown to

    [[nodiscard]] bool all_zero() const {
        return std::ranges::all_of(values_, [](std::uint16_t value) { return value == 0; });
    }
    // As wire::Batch has them.
    void copy_to(std::string& bytes) {
        if constexpr (std::endian::native != std::endian::little)
            std::ranges::transform(values_, values_.begin(), proto::little_endian);
        bytes.assign(reinterpret_cast<const char*>(values_.data()), proto::kShortBytes * values_.size());
    }

  private:
    std::vector<std::uint16_t> values_;
};

}  // namespace packetsentry::record
