#include <CLI/CLI.hpp>
#include <memory>

#include "ctl/commands/commands.h"
#include "ctl/options/table_option.h"
#include "ctl/render/field_list.h"
#include "proto/words/table_names.h"

namespace packetsentry::ctl::commands {
namespace {

struct FieldsOptions {
    std::string word;
    std::string table;
    bool no_legend = false;
};

base::Result<void> run_fields(const FieldsOptions& options, const Globals& globals) {
    std::optional<wire::Table> table;
    if (!options.table.empty()) {
        const auto typed = parse_table(options.table);
        if (!typed) return std::unexpected(typed.error());
        table = *typed;
    }
    const auto found = render::fields_about(options.word, table);
    if (found.empty())
        return base::fail(base::ErrorCode::usage,
                          std::string("no field ") +
                              (table ? "of " + std::string(proto::many_of_table(*table)) + ' ' : "") +
                              "has '" + options.word +
                              "' in its name or its meaning; 'packetsentryctl fields' lists all of them");
    if (!globals.json) return print(render::fields_table(found, !options.no_legend));
    std::string text;
    for (const rows::FieldInfo* const info : found) text += render::field_json(*info);
    return print(text);
}

}  // namespace

Run prepare_fields(CLI::App& app, const Globals& globals) {
    auto options = std::make_shared<FieldsOptions>();
    app.add_option("word", options->word,
                   "List only fields that have this in their name, in Wireshark's name for them, or in their "
                   "meaning")
        ->type_name("WORD");
    app.add_option("--table", options->table,
                   "List only fields that rows of this table may have: " + proto::table_names())
        ->type_name("TABLE");
    app.add_flag("--no-legend", options->no_legend, "Leave out the heading of the table");
    return [options, &globals] { return run_fields(*options, globals); };
}

}  // namespace packetsentry::ctl::commands
