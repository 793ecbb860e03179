#include "ctl/options/display_filter.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "ctl/render/escape.h"
#include "proto/query/evaluate/filter.h"
#include "proto/rows/fields.h"
#include "proto/words/filter.h"

namespace packetsentry::ctl {
namespace {

static_assert(query::kExplainedLimit <= proto::kDisplayTextLimit);

constexpr std::size_t kShownBefore = 40;  // bytes of the text before the place
constexpr std::size_t kShownBehind = 60;
constexpr std::string_view kIndent = "  ";
constexpr std::string_view kCut = "...";

// Bytes that continue a character of UTF-8.
bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// Columns of a terminal, if each character takes one.
std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !continues(c); }));
}

// A part of the text that fits on a line, with carets below the place:
//
//   ip.src == 192.0.2.7 and dns.qry.nam contains "x"
//                           ^~~~~~~~~~~
std::string picture_of(std::string_view text, query::Place place) {
    std::size_t begin = place.offset > kShownBefore ? place.offset - kShownBefore : 0;
    while (begin < place.offset && continues(text[begin])) ++begin;
    std::size_t end = std::min(text.size(), place.offset + kShownBehind);
    while (end < text.size() && continues(text[end])) ++end;
    const std::size_t marked_end = std::min(place.offset + place.length, end);
    const std::string before =
        std::string(begin == 0 ? "" : kCut) + render::printable(text.substr(begin, place.offset - begin));
    const std::string marked = render::printable(text.substr(place.offset, marked_end - place.offset));
    const std::string behind = render::printable(text.substr(marked_end, end - marked_end)) +
                               std::string(end == text.size() ? "" : kCut);
    std::string picture = std::string(kIndent) + before + marked + behind + "\n";
    picture.append(kIndent).append(columns(before), ' ').append("^");
    return picture.append(std::max<std::size_t>(columns(marked), 1) - 1, '~');
}

base::Error error_of(std::string_view text, const query::Problem& problem, std::string_view source) {
    const query::Place place{std::min(problem.place.offset, text.size()), problem.place.length};
    const std::string at = place.offset == text.size()
                               ? "at the end"
                               : "at character " + std::to_string(columns(text.substr(0, place.offset)) + 1);
    return {base::ErrorCode::filter, std::string(source) + ", " + at + ": " + problem.message,
            picture_of(text, place)};
}

}  // namespace

void add_display_filter_option(CLI::App& app, std::string& text) {
    app.add_option("-Y,--display-filter", text,
                   "Only packets whose fields match this expression, written as in Wireshark:\n"
                   "dns.qry.name contains \"printer\" and ip.src == 192.0.2.0/24")
        ->type_name("FILTER");
}

base::Result<query::Expression> parse_display_filter(std::string_view text, std::string_view source) {
    auto expression = query::parse(text);
    if (!expression) return std::unexpected(error_of(text, expression.error(), source));
    if (auto filter = query::Filter::compile(*expression); !filter)
        return std::unexpected(error_of(text, filter.error(), source));
    return *std::move(expression);
}

base::Result<std::optional<query::Filter>> compile_display_filter(std::string_view text) {
    if (text.empty()) return std::nullopt;
    const auto expression = parse_display_filter(text);
    if (!expression) return std::unexpected(expression.error());
    // It has been compiled once already to find what is wrong with it.
    return std::move(*query::Filter::compile(*expression));
}

bool asks_tcp_analysis(std::string_view text) {
    const auto expression = query::parse(text);
    if (!expression) return false;
    const auto is_note = [](std::string_view path) {
        const rows::FieldInfo* const info = rows::find_field(path);
        return info != nullptr && info->wireshark.starts_with("tcp.analysis.");
    };
    return std::ranges::any_of(query::explain(*expression).fields, [&](const query::ExplainedField& field) {
        return std::ranges::any_of(field.paths, is_note);
    });
}

base::Result<std::string> make_display_filter(std::string_view text) {
    if (!render::is_utf8(text))
        return base::fail(base::ErrorCode::filter,
                          "-Y is not valid text (UTF-8); write other bytes as \"\\xff\"");
    const auto expression = parse_display_filter(text);
    if (!expression) return std::unexpected(expression.error());
    query::Explanation explanation = query::explain(*expression);
    const bool has_times =
        std::ranges::any_of(explanation.fields, [](const auto& field) { return field.kind == "time"; });
    return has_times ? std::move(explanation.text) : std::string(text);
}

}  // namespace packetsentry::ctl
