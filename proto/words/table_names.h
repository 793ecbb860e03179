// The names of the tables of rows, for the daemon and its clients.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/messages/batch.pb.h"

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

// "1 packet", "12 flows". table must be one that has a name.
[[nodiscard]] std::string count_of_rows(wire::Table table, std::uint64_t rows);

}  // namespace packetsentry::proto
