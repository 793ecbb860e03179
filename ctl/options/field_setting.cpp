#include "ctl/options/field_setting.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace packetsentry::ctl {
namespace {

using render::FieldSettings;

std::optional<bool> yes_or_no(std::string_view value) {
    if (value == "y") return true;
    return value == "n" ? std::optional(false) : std::nullopt;
}

// Reads one character, or the two that stand for a character that is hard to type. Control characters are
// refused, because they could end a line or move the cursor of a terminal.
std::optional<char> character(std::string_view value) {
    if (value == "/t") return '\t';
    if (value == "/s") return ' ';
    if (value.size() != 1 || value.front() < ' ' || value.front() > '~') return std::nullopt;
    return value.front();
}

bool set_header(std::string_view value, FieldSettings& settings) {
    settings.header = yes_or_no(value);
    return settings.header.has_value();
}

bool set_byte_order_mark(std::string_view value, FieldSettings& settings) {
    const auto chosen = yes_or_no(value);
    settings.byte_order_mark = chosen.value_or(false);
    return chosen.has_value();
}

bool set_separator(std::string_view value, FieldSettings& settings) {
    settings.separator = character(value);
    return settings.separator.has_value();
}

bool set_aggregator(std::string_view value, FieldSettings& settings) {
    settings.aggregator = character(value);
    return settings.aggregator.has_value();
}

template <typename Chosen>
struct Letter {
    std::string_view letter;
    Chosen chosen;
};

template <typename Chosen, std::size_t size>
std::optional<Chosen> find_letter(const std::array<Letter<Chosen>, size>& letters, std::string_view value) {
    for (const Letter<Chosen>& row : letters)
        if (row.letter == value) return row.chosen;
    return std::nullopt;
}

bool set_quote(std::string_view value, FieldSettings& settings) {
    using render::Quote;
    constexpr std::array kQuotes = {Letter<Quote>{"d", Quote::double_quotes},
                                    Letter<Quote>{"s", Quote::single_quotes},
                                    Letter<Quote>{"n", Quote::none}};
    settings.quote = find_letter(kQuotes, value);
    return settings.quote.has_value();
}

bool set_occurrence(std::string_view value, FieldSettings& settings) {
    using render::Occurrence;
    constexpr std::array kOccurrences = {Letter<Occurrence>{"f", Occurrence::first},
                                         Letter<Occurrence>{"l", Occurrence::last},
                                         Letter<Occurrence>{"a", Occurrence::all}};
    const auto chosen = find_letter(kOccurrences, value);
    settings.occurrence = chosen.value_or(Occurrence::all);
    return chosen.has_value();
}

struct Setting {
    std::string_view name;
    std::string_view values;                                       // for a message
    bool (*set)(std::string_view value, FieldSettings& settings);  // false: no such value
};
constexpr std::array kSettings = {
    Setting{"header", "y or n", set_header},
    Setting{"separator", "/t (tab), /s (blank) or one character", set_separator},
    Setting{"quote", "d (double quotes), s (single quotes) or n (none)", set_quote},
    Setting{"occurrence", "f (first), l (last) or a (all)", set_occurrence},
    Setting{"aggregator", "/s (blank), /t (tab) or one character", set_aggregator},
    Setting{"bom", "y or n", set_byte_order_mark},
};

constexpr std::array kSettingNames = {
    FieldSettingName{"header=y", "begin with a line of the fields' names"},
    FieldSettingName{"header=n", "no line of names"},
    FieldSettingName{"separator=/t", "a tab between fields"},
    FieldSettingName{"separator=/s", "a blank between fields"},
    FieldSettingName{"separator=,", "a comma between fields"},
    FieldSettingName{"quote=d", "double quotes around what a field has"},
    FieldSettingName{"quote=s", "single quotes around what a field has"},
    FieldSettingName{"quote=n", "no quotes"},
    FieldSettingName{"occurrence=f", "the first value of a field"},
    FieldSettingName{"occurrence=l", "the last value of a field"},
    FieldSettingName{"occurrence=a", "all values of a field"},
    FieldSettingName{"aggregator=,", "a comma between the values of a field"},
    FieldSettingName{"aggregator=/s", "a blank between the values of a field"},
    FieldSettingName{"bom=y", "begin with the mark by which Excel knows UTF-8"},
};

std::string setting_names() {
    std::string names;
    for (const Setting& setting : kSettings) names.append(names.empty() ? "" : ", ").append(setting.name);
    return names;
}

}  // namespace

base::Result<void> add_field_setting(std::string_view text, FieldSettings& settings) {
    const std::size_t equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    for (const Setting& setting : kSettings) {
        if (setting.name != name) continue;
        if (equals != std::string_view::npos && setting.set(text.substr(equals + 1), settings)) return {};
        return base::fail(base::ErrorCode::usage, "-E " + std::string(text) + ": " + std::string(name) +
                                                      " takes " + std::string(setting.values));
    }
    return base::fail(base::ErrorCode::usage,
                      "-E " + std::string(text) + ": there is no such setting; there are " + setting_names());
}

std::vector<FieldSettingName> field_setting_names() {
    return {kSettingNames.begin(), kSettingNames.end()};
}

}  // namespace packetsentry::ctl
