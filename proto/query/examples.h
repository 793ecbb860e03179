// Expressions that show how a field is asked.
#pragma once

#include <string>

#include "proto/rows/fields.h"

namespace packetsentry::query {

// "dns.question.name contains \"example\"", which parse() reads. Empty for a field that cannot be asked.
[[nodiscard]] std::string example_of(const rows::FieldInfo& info);

}  // namespace packetsentry::query
