// The names of the tables of rows, for the daemon and its clients.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/messages/batch.pb.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::proto {

struct TableName {
    wire::Table table;
    std::string_view name;  // "packets": in commands, files and JSON
    std::string_view one;   // "packet": what one row is about
};

inline constexpr std::array kTableNames = {
    TableName{wire::TABLE_PACKETS, "packets", "packet"},
    TableName{wire::TABLE_FLOWS, "flows", "flow"},
};

// None: there is no such table.
[[nodiscard]] std::optional<wire::Table> find_table(std::string_view name);

// "packets, flows".
[[nodiscard]] std::string table_names();

// "packets"; "unknown" if the table has no name.
[[nodiscard]] std::string_view name_of_table(wire::Table table);
// "packet": what one row is about; "row" if the table has no name.
[[nodiscard]] std::string_view one_of_table(wire::Table table);

// "packets and rows", "rows and flows": what is kept.
[[nodiscard]] std::string kept_words(const wire::Keep& keep);

// "1 packet", "12 flows". table must be one that has a name.
[[nodiscard]] std::string count_of_rows(wire::Table table, std::uint64_t rows);

}  // namespace packetsentry::proto
