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
    std::string_view name;   // "packets": in commands, files and JSON
    std::string_view one;    // "packet": what one row is about
    std::string_view many;   // "packets": what several rows are about
    std::string_view title;  // "Packets": before what is said of the table
};

inline constexpr std::array kTableNames = {
    TableName{wire::TABLE_PACKETS, "packets", "packet", "packets", "Packets"},
    TableName{wire::TABLE_FLOWS, "flows", "flow", "flows", "Flows"},
    TableName{wire::TABLE_DNS, "dns", "question of DNS", "questions of DNS", "DNS"},
    TableName{wire::TABLE_HTTP, "http", "request of HTTP", "requests of HTTP", "HTTP"},
    TableName{wire::TABLE_TLS, "tls", "handshake of TLS", "handshakes of TLS", "TLS"},
};

// None: there is no such table.
[[nodiscard]] std::optional<wire::Table> find_table(std::string_view name);

// "packets, flows, dns, http, tls".
[[nodiscard]] std::string table_names();

// "packets"; "unknown" if the table has no name.
[[nodiscard]] std::string_view name_of_table(wire::Table table);
// "packet": what one row is about; "row" if the table has no name.
[[nodiscard]] std::string_view one_of_table(wire::Table table);
// "packets": what several rows are about; "rows" if the table has no name.
[[nodiscard]] std::string_view many_of_table(wire::Table table);
// "Flows", "DNS": before what is said of the table; "Rows" if the table has no name.
[[nodiscard]] std::string_view title_of_table(wire::Table table);

// "1 packet", "12 flows". table must be one that has a name.
[[nodiscard]] std::string count_of_rows(wire::Table table, std::uint64_t rows);

}  // namespace packetsentry::proto
