// How a protocol's number reads.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "proto/rows/value_names.h"

namespace packetsentry::dissect {

using NumberWord = rows::ValueName;

// Empty where the table has none.
[[nodiscard]] constexpr std::string_view word_of(std::span<const NumberWord> table, std::uint16_t number) {
    return rows::name_in(table, number);
}

}  // namespace packetsentry::dissect
