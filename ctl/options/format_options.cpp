#include "ctl/options/format_options.h"

#include <CLI/CLI.hpp>

#include "ctl/options/field_setting.h"
#include "proto/query/reference.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

constexpr const char* kExample = "-T fields -e frame.time_epoch -e ip.src -e ip.dst";

std::string format_names() {
    std::string names;
    for (const render::Format& format : render::kFormats)
        names.append(names.empty() ? "" : ", ").append(format.name);
    return names;
}

bool has_columns(const render::Format& format) {
    return &format == &render::format("fields") || &format == &render::format("csv");
}

base::Result<const render::Format*> find_chosen(const FormatOptions& options, bool json,
                                                const render::Format& usual) {
    const render::Format* const as_json = &render::format("json");
    if (options.format.empty()) return json ? as_json : &usual;
    const render::Format* const found = render::find_format(options.format);
    if (found == nullptr)
        return base::fail(ErrorCode::usage,
                          "there is no format '" + options.format + "'; -T takes " + format_names());
    if (json && found != as_json)
        return base::fail(ErrorCode::usage, "--json and -T " + options.format +
                                                " cannot be used together: each chooses a format");
    return found;
}

base::Result<void> check_columns(const FormatOptions& options, const render::Format& format) {
    const bool any = !options.fields.empty() || !options.settings.empty();
    if (any && !has_columns(format))
        return base::fail(ErrorCode::usage,
                          std::string(options.fields.empty() ? "-E" : "-e") +
                              " is for the formats fields and csv: add -T fields or -T csv");
    if (&format == &render::format("fields") && options.fields.empty())
        return base::fail(ErrorCode::usage, "-T fields needs the names of fields: " + std::string(kExample) +
                                                " ('packetsentryctl fields' lists the fields)");
    return {};
}

// Each column costs memory for every row of a batch.
constexpr std::size_t kColumnLimit = 256;

base::Result<void> add_columns(const std::vector<std::string>& names, render::FieldSettings& settings) {
    if (names.size() > kColumnLimit)
        return base::fail(ErrorCode::usage, "-e is given " + std::to_string(names.size()) +
                                                " times; at most " + std::to_string(kColumnLimit) +
                                                " fields can be printed");
    for (const std::string& name : names) {
        auto field = query::resolve_to_read(name, {});
        if (!field) return base::fail(ErrorCode::filter, "-e: " + field.error().message);
        settings.columns.push_back({name, *std::move(field)});
    }
    return {};
}

// The columns of some formats are those of tshark, of Zeek and of -e, which have no place for names.
base::Result<void> check_names(const render::Format& format) {
    if (!has_columns(format) && &format != &render::format("zeek")) return {};
    return base::fail(ErrorCode::usage, "--names is for the formats text, blocks and json, and -T " +
                                            std::string(format.name) +
                                            " has no place for names: leave one of the two out");
}

base::Result<void> add_settings(const std::vector<std::string>& texts, const render::Format& format,
                                render::FieldSettings& settings) {
    for (const std::string& text : texts)
        if (auto added = add_field_setting(text, settings); !added) return added;
    if (settings.quote && &format == &render::format("csv"))
        return base::fail(ErrorCode::usage,
                          "-E quote is for -T fields: csv has double quotes wherever they are needed");
    return {};
}

}  // namespace

void add_format_options(CLI::App& app, FormatOptions& options) {
    app.add_option(
           "-T,--format", options.format,
           "Format of the rows on standard output: " + format_names() + "; fields and csv take -e and -E")
        ->type_name("FORMAT");
    app.add_option("-e", options.fields,
                   "With -T fields or csv: a field to print, by its name in the Elastic Common Schema or in "
                   "Wireshark; may be repeated")
        ->type_name("FIELD")
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app.add_option(
           "-E", options.settings,
           "With -T fields or csv, as in tshark: header=y|n, separator=/t|/s|CHARACTER, quote=d|s|n,\n"
           "occurrence=f|l|a, aggregator=,|/s|CHARACTER, bom=y|n; may be repeated")
        ->type_name("OPTION=VALUE")
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app.add_flag("--names", options.names,
                 "Show an address with the name that was seen for it on the wire; nothing is ever looked up");
}

base::Result<ChosenFormat> choose_format(const FormatOptions& options, bool json,
                                         const render::Format& usual) {
    const auto format = find_chosen(options, json, usual);
    if (!format) return std::unexpected(format.error());
    ChosenFormat chosen{.format = *format, .names = options.names};
    if (options.names)
        if (auto checked = check_names(**format); !checked) return std::unexpected(checked.error());
    if (!options.format.empty())
        chosen.option = "-T";
    else if (json)
        chosen.option = "--json";
    if (auto checked = check_columns(options, **format); !checked) return std::unexpected(checked.error());
    if (auto added = add_columns(options.fields, chosen.fields); !added)
        return std::unexpected(added.error());
    if (auto added = add_settings(options.settings, **format, chosen.fields); !added)
        return std::unexpected(added.error());
    return chosen;
}

}  // namespace packetsentry::ctl
