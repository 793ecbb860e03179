// The table of fields (proto/rows/fields.h), for people and for programs.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/rows/fields.h"

namespace packetsentry::ctl::render {

using FieldList = std::vector<const rows::FieldInfo*>;

// Those that have the word in their path, in Wireshark's names for them, or in their meaning, whatever its
// case, in the order of their paths. Without a word, all. With a table, only those that its rows may have.
[[nodiscard]] FieldList fields_about(std::string_view word, std::optional<wire::Table> table = std::nullopt);

// A line a field.
[[nodiscard]] std::string fields_table(std::span<const rows::FieldInfo* const> fields, bool with_head);
// One line: an object.
[[nodiscard]] std::string field_json(const rows::FieldInfo& info);

}  // namespace packetsentry::ctl::render
