#include "ctl/render/field_list.h"

#include <algorithm>
#include <cctype>
#include <ranges>

#include "ctl/render/joined_words.h"
#include "ctl/render/json_object.h"
#include "ctl/render/table.h"
#include "proto/query/examples.h"
#include "proto/words/table_names.h"

namespace packetsentry::ctl::render {
namespace {

bool is_same_letter(char one, char other) {
    return std::tolower(static_cast<unsigned char>(one)) == std::tolower(static_cast<unsigned char>(other));
}

bool has_word(std::string_view text, std::string_view word) {
    return word.empty() || !std::ranges::search(text, word, is_same_letter).empty();
}

std::vector<std::string> tables_of(const rows::FieldInfo& info) {
    std::vector<std::string> tables;
    for (const proto::TableName& table : proto::kTableNames)
        if (info.is_of(table.table)) tables.emplace_back(table.name);
    return tables;
}

std::string kind_text(const rows::FieldInfo& info) {
    return std::string(rows::kind_name(info.kind)) + (info.list() ? ", list" : "") +
           (info.is_of(wire::TABLE_PACKETS) ? "" : ", of " + joined_words(tables_of(info)));
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    for (const auto word : std::views::split(text, ' '))
        if (!word.empty()) words.emplace_back(word.begin(), word.end());
    return words;
}

}  // namespace

FieldList fields_about(std::string_view word, std::optional<wire::Table> table) {
    FieldList found;
    for (const rows::FieldInfo& info : rows::kFields) {
        const bool has =
            has_word(info.path, word) || has_word(info.wireshark, word) || has_word(info.meaning, word);
        if (has && (!table || info.is_of(*table))) found.push_back(&info);
    }
    return found;
}

std::string fields_table(std::span<const rows::FieldInfo* const> fields, bool with_head) {
    Table table({"FIELD", "KIND", "MEANING", "IN WIRESHARK", "EXAMPLE"});
    for (const rows::FieldInfo* const info : fields)
        table.add({std::string(info->path), kind_text(*info), std::string(info->meaning),
                   std::string(info->wireshark), query::example_of(*info)});
    return table.text(with_head);
}

std::string field_json(const rows::FieldInfo& info) {
    JsonObject object;
    object.text("path", info.path);
    object.number("number", info.number);
    object.text("kind", rows::kind_name(info.kind));
    object.boolean("list", info.list());
    object.boolean("keyword", info.keyword());
    object.boolean("quiet", info.quiet());
    object.texts("tables", tables_of(info));
    object.texts("wireshark", words_of(info.wireshark));
    object.text("meaning", info.meaning);
    if (const std::string example = query::example_of(info); !example.empty())
        object.text("example", example);
    return object.line();
}

}  // namespace packetsentry::ctl::render
