// What a filter means: which part of it is decided where, and which fields it asks.
#pragma once

#include <string>

#include "proto/query/query.h"

namespace packetsentry::ctl::render {

struct FilterMeaning {
    std::string kernel;          // the libpcap expression; empty: none
    std::string typed;           // the display filter as it was typed; empty: there is none
    query::Explanation display;  // of the display filter
};

// For people: where each part is decided, and a table of the fields.
[[nodiscard]] std::string explanation_text(const FilterMeaning& meaning);
// One object, one line.
[[nodiscard]] std::string explanation_json(const FilterMeaning& meaning);

}  // namespace packetsentry::ctl::render
