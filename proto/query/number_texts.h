// The numbers of texts that are names of numbers, remembered for one batch.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/rows/value_names.h"

namespace packetsentry::query {

// A column has few different texts, so that most are found where an equal one was put before. The texts must
// remain live until forget() is called, or as long as this exists.
class NumberTexts {
  public:
    explicit NumberTexts(const rows::NamedNumbers& numbers) : numbers_(&numbers) {}

    // None: the text is not the name of a number.
    [[nodiscard]] std::optional<std::uint32_t> number_of(std::string_view text) {
        Known& known = known_[place_of(text)];
        if (!known.used || known.text != text)
            known = {.used = true, .text = text, .number = numbers_->number_of(text)};
        return known.number;
    }

    // Before the texts of another batch.
    void forget() { known_ = {}; }

  private:
    struct Known {
        bool used = false;
        std::string_view text = {};
        std::optional<std::uint32_t> number = {};
    };
    static constexpr std::size_t kPlaces = 64;

    static std::size_t place_of(std::string_view text) {
        if (text.empty()) return 0;
        const auto byte = [text](std::size_t i) { return std::size_t{static_cast<unsigned char>(text[i])}; };
        return (text.size() * 7 + byte(0) + byte(text.size() / 2) * 3 + byte(text.size() - 1) * 5) % kPlaces;
    }

    const rows::NamedNumbers* numbers_;
    std::array<Known, kPlaces> known_{};
};

}  // namespace packetsentry::query
