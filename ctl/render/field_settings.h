// What a user chooses of the formats "fields" and "csv": the columns, and how rows and values are set apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "proto/query/expression.h"

namespace packetsentry::ctl::render {

struct FieldChoice {
    std::string name;  // as it was typed; the heading of its column
    query::Reference field;
};

// Which of a row's values of one field are shown.
enum class Occurrence : std::uint8_t { all, first, last };

enum class Quote : std::uint8_t { none, single_quotes, double_quotes };

// What is not chosen is as each format has it.
struct FieldSettings {
    std::vector<FieldChoice> columns = {};
    bool byte_order_mark = false;
    std::optional<bool> header = std::nullopt;
    std::optional<char> separator = std::nullopt;   // between columns
    std::optional<char> aggregator = std::nullopt;  // between the values of one column
    std::optional<Quote> quote = std::nullopt;
    Occurrence occurrence = Occurrence::all;
};

}  // namespace packetsentry::ctl::render
