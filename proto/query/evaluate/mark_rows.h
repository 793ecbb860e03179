// Marks the rows of a field that has a place in every row of a batch.
#pragma once

#include <cstdint>
#include <string_view>

#include "proto/query/evaluate/bound_batch.h"

namespace packetsentry::query {

// value(row) gives the number of a row; has(row) whether the row has one.
template <typename Value, typename Has>
void mark_numbers(std::uint32_t rows, const Condition& condition, const Marks& marks, Value value, Has has) {
    if (!marks.fits.empty())
        for (std::uint32_t row = 0; row < rows; ++row)
            // Both are computed for each row: a branch would cost more.
            marks.fits[row] |= static_cast<std::uint8_t>(unsigned{has(row)} &
                                                         unsigned{condition.fits(std::uint64_t{value(row)})});
    if (!marks.there.empty())
        for (std::uint32_t row = 0; row < rows; ++row)
            marks.there[row] |= static_cast<std::uint8_t>(has(row));
}

// What a dictionary of texts says of its entries.
struct Verdict {
    bool fits = false;
    bool there = false;
};

inline Verdict verdict_of(const Condition& condition, std::string_view text) {
    return {.fits = !text.empty() && !condition.presence() && condition.fits(text), .there = !text.empty()};
}

// code(row) is an index in verdicts.
template <typename Verdicts, typename Code>
void mark_texts(std::uint32_t rows, const Verdicts& verdicts, const Marks& marks, Code code) {
    if (!marks.fits.empty())
        for (std::uint32_t row = 0; row < rows; ++row)
            marks.fits[row] |= static_cast<std::uint8_t>(verdicts[code(row)].fits);
    if (!marks.there.empty())
        for (std::uint32_t row = 0; row < rows; ++row)
            marks.there[row] |= static_cast<std::uint8_t>(verdicts[code(row)].there);
}

}  // namespace packetsentry::query
