// The values of a comparison, as the field's kind wants them.
#pragma once

#include <vector>

#include "proto/query/expression.h"
#include "proto/query/token.h"

namespace packetsentry::query {

// How the values of a comparison are compared.
enum class Comparable : std::uint8_t {
    number,  // numbers, flags, bits, and texts that are names of numbers
    text,
    address,  // of one size or of any
    time,
};

// As they are written: one token, or the two ends of a range.
struct WrittenValue {
    Token first;
    Token last = {};  // TokenKind::end: there is one value

    [[nodiscard]] bool is_range() const { return last.kind != TokenKind::end; }
};

[[nodiscard]] Comparable comparable_of(const Reference& field, Operator op, bool typed_mask);

// "a number", "a text", "an address", "a time".
[[nodiscard]] std::string_view phrase_of(Comparable comparable);

// Error: a value of another type, with both types, or a range that ends before it begins.
[[nodiscard]] Result<std::vector<ValueRange>> check_values(const Reference& field, Comparable comparable,
                                                           Operator op,
                                                           const std::vector<WrittenValue>& written);

}  // namespace packetsentry::query
