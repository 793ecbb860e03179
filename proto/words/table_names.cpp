#include "proto/words/table_names.h"

#include <algorithm>

namespace packetsentry::proto {

std::optional<wire::Table> find_table(std::string_view name) {
    const auto* const found = std::ranges::find(kTableNames, name, &TableName::name);
    return found == kTableNames.end() ? std::nullopt : std::optional(found->table);
}

std::string table_names() {
    std::string names;
    for (const TableName& table : kTableNames) names.append(names.empty() ? "" : ", ").append(table.name);
    return names;
}

std::string_view name_of_table(wire::Table table) {
    const auto* const found = std::ranges::find(kTableNames, table, &TableName::table);
    return found == kTableNames.end() ? "unknown" : found->name;
}

std::string_view one_of_table(wire::Table table) {
    const auto* const found = std::ranges::find(kTableNames, table, &TableName::table);
    return found == kTableNames.end() ? "row" : found->one;
}

std::string kept_words(const wire::Keep& keep) {
    if (keep.has_packets()) return keep.has_flows() ? "packets, rows and flows" : "packets and rows";
    if (keep.has_rows()) return keep.has_flows() ? "rows and flows" : "rows";
    return keep.has_flows() ? "flows" : "";
}

std::string count_of_rows(wire::Table table, std::uint64_t rows) {
    const auto* const found = std::ranges::find(kTableNames, table, &TableName::table);
    if (found == kTableNames.end()) return std::to_string(rows);
    return std::to_string(rows) + ' ' + std::string(rows == 1 ? found->one : found->name);
}

}  // namespace packetsentry::proto
