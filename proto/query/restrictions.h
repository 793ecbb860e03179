// In which rows, and for which addresses, a column's values are those of a name of Wireshark's.
#pragma once

#include <string_view>

#include "proto/query/expression.h"

namespace packetsentry::query {

// The column as the name asks it. wireshark is empty where the column is asked by its path.
[[nodiscard]] Source source_of(const rows::FieldInfo& info, std::string_view wireshark);

// Where the types of the DNS records are whose data this column has, one for each value.
[[nodiscard]] std::string_view record_types_of(const rows::FieldInfo& info);

}  // namespace packetsentry::query
