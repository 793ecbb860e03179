// A column of numbers of a fixed size under construction.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "proto/rows/fixed_numbers.h"

namespace packetsentry::record {

// Numbers apart from the batch they will go to: adding one is a store, and sealing them a copy.
template <std::unsigned_integral Number>
class NumberColumn {
  public:
    void add(Number value) { values_.push_back(value); }
    // Adds numbers that another column has.
    void add(const NumberColumn& from, std::size_t first, std::size_t count) {
        const auto begin = from.values_.begin() + static_cast<std::ptrdiff_t>(first);
        values_.insert(values_.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
    }
    // Adds numbers likewise, but each becomes the one that stands at its place among others.
    template <typename Others>
    void add_renamed(const NumberColumn& from, std::size_t first, std::size_t count, const Others& others) {
        const std::size_t at = values_.size();
        values_.resize(at + count);
        for (std::size_t i = 0; i < count; ++i) values_[at + i] = others[from.values_[first + i]];
    }
    void clear() { values_.clear(); }  // keeps what it has grown to

    [[nodiscard]] std::span<const Number> values() const { return values_; }

    [[nodiscard]] bool all_zero() const {
        return std::ranges::all_of(values_, [](Number value) { return value == 0; });
    }
    // As wire::Batch has them.
    void copy_to(std::string& bytes) {
        if constexpr (std::endian::native != std::endian::little)
            std::ranges::transform(values_, values_.begin(), proto::little_endian<Number>);
        bytes.assign(reinterpret_cast<const char*>(values_.data()), sizeof(Number) * values_.size());
    }

  private:
    std::vector<Number> values_;
};

using ShortColumn = NumberColumn<std::uint16_t>;

}  // namespace packetsentry::record
