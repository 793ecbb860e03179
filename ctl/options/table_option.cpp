#include "ctl/options/table_option.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "ctl/options/display_filter.h"
#include "ctl/options/flow_option.h"
#include "proto/query/query.h"
#include "proto/rows/fields.h"
#include "proto/words/table_names.h"

namespace packetsentry::ctl {
namespace {

// What is asked of the layers of a packet has another name in other tables.
std::string refusal_of(wire::Table table, const query::ExplainedField& field) {
    const std::string what =
        "-Y: " + std::string(proto::many_of_table(table)) + " have no '" + field.name + "'";
    if (field.kind == "protocol")
        return what + "; ask 'network.protocol == " + field.name +
               "' or 'network.transport == " + field.name + "'";
    return what + " ('packetsentryctl fields --table " + std::string(proto::name_of_table(table)) +
           "' lists what they have)";
}

}  // namespace

void add_table_option(CLI::App& app, std::string& typed) {
    app.add_option("--table", typed,
                   "What the rows are about: packets; flows, a row for each conversation; dns, a row for\n"
                   "each question of DNS with its answer; http, for each request with its response; or tls,\n"
                   "for each handshake of TLS")
        ->type_name("TABLE");
}

base::Result<wire::Table> parse_table(const std::string& typed) {
    if (typed.empty()) return wire::TABLE_PACKETS;
    const auto table = proto::find_table(typed);
    if (table) return *table;
    return base::fail(base::ErrorCode::usage,
                      "there is no table '" + typed + "'; --table takes " + proto::table_names());
}

base::Result<std::optional<query::Filter>> compile_own_filter(wire::Table table,
                                                              const FilterOptions& options) {
    if (table == wire::TABLE_PACKETS) return std::nullopt;
    const auto text = join_flow(options.display, options.flow);
    if (!text) return std::unexpected(text.error());
    return compile_row_filter(table, *text);
}

base::Result<std::optional<query::Filter>> compile_row_filter(wire::Table table, std::string_view text) {
    if (text.empty()) return std::nullopt;
    if (table == wire::TABLE_PACKETS) return compile_display_filter(text);
    const auto expression = parse_display_filter(text);
    if (!expression) return std::unexpected(expression.error());
    const auto has = [table](std::string_view path) {
        const rows::FieldInfo* const info = rows::find_field(path);
        return info != nullptr && info->is_of(table);
    };
    for (const query::ExplainedField& field : query::explain(*expression).fields)
        if (std::ranges::none_of(field.paths, has))
            return base::fail(base::ErrorCode::filter, refusal_of(table, field));
    return compile_display_filter(text);
}

}  // namespace packetsentry::ctl
