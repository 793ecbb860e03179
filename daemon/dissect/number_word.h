// How a protocol's number reads.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace packetsentry::dissect {

struct NumberWord {
    std::uint16_t number;
    std::string_view word;
};

// Empty where the table has none.
[[nodiscard]] constexpr std::string_view word_of(std::span<const NumberWord> table, std::uint16_t number) {
    for (const auto& [listed, word] : table)
        if (listed == number) return word;
    return {};
}

}  // namespace packetsentry::dissect
