#include "proto/words/table_names.h"

#include <algorithm>

namespace packetsentry::proto {
namespace {

// A table that has no name is called like this.
constexpr TableName kUnknown{wire::TABLE_UNKNOWN, "unknown", "row", "rows", "Rows"};

const TableName& row_of(wire::Table table) {
    const auto* const found = std::ranges::find(kTableNames, table, &TableName::table);
    return found == kTableNames.end() ? kUnknown : *found;
}

}  // namespace

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
    return row_of(table).name;
}

std::string_view one_of_table(wire::Table table) {
    return row_of(table).one;
}

std::string_view many_of_table(wire::Table table) {
    return row_of(table).many;
}

std::string_view title_of_table(wire::Table table) {
    return row_of(table).title;
}

std::string count_of_rows(wire::Table table, std::uint64_t rows) {
    const TableName& found = row_of(table);
    if (found.table == wire::TABLE_UNKNOWN) return std::to_string(rows);
    return std::to_string(rows) + ' ' + std::string(rows == 1 ? found.one : found.many);
}

}  // namespace packetsentry::proto
