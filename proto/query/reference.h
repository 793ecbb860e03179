// What the names of an expression stand for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/query/expression.h"

namespace packetsentry::query {

// Errors: a name that is nowhere, with those that are nearest to it, and a field that no row can be asked
// for.
[[nodiscard]] Result<Reference> resolve(std::string_view name, Place place);

// Resolves a name whose values are read rather than compared: every field that a row has can be read, also
// one that is composed when a row is shown. Error: a name that is nowhere.
[[nodiscard]] Result<Reference> resolve_to_read(std::string_view name, Place place);

// Every name that resolve_to_read() finds, in order, each once.
[[nodiscard]] const std::vector<std::string_view>& names_to_read();

// Whether resolve() would find it, or would tell why it cannot be asked.
[[nodiscard]] bool is_name(std::string_view name);

// At most three, nearest first; empty where none is near.
[[nodiscard]] std::vector<std::string_view> nearest_names(std::string_view name,
                                                          const std::vector<std::string_view>& among);

}  // namespace packetsentry::query
