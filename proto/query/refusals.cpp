#include "proto/query/refusals.h"

#include "proto/query/shown.h"

namespace packetsentry::query {
namespace {

struct Refusal {
    std::string_view token;
    std::string_view message;
};

constexpr Refusal kSigns[] = {
    {"[",
     "slices such as eth.src[0:3] are not supported; compare the whole value, or an address with a prefix "
     "such as "
     "ip.src == 10.0.0.0/8"},
    {"+", "arithmetic is not supported; write the result"},
    {"-", "arithmetic and signs are not supported; write the result, which is never below zero"},
    {"*", "arithmetic is not supported; write the result"},
    {"/", "arithmetic is not supported; write the result"},
    {"%", "arithmetic is not supported; write the result"},
    {"$", "macros and references to a selected packet are not supported; write out what they stand for"},
    {"@", "the raw bytes of a field cannot be asked; ask its value"},
    {"#",
     "the number of a layer cannot be chosen; a field's name asks it in every layer, and "
     "packetsentry.inner.source.ip and its like ask inside of a tunnel"},
    {"=", "one equals sign is no comparison; write =="},
    {"|", "write || or \"or\""},
    {"^", "write ^^ or \"xor\""},
    {"'", "a string stands in double quotes"},
    {"?", "a pattern stands in double quotes behind \"matches\""},
    {";", "comparisons are joined by \"and\" or \"or\""},
    {"{", "braces are for sets: tcp.port in {80, 443}; use ( and ) to group"},
};

constexpr Refusal kWords[] = {
    {"AND", "write \"and\" in small letters"},
    {"OR", "write \"or\" in small letters"},
    {"NOT", "write \"not\" in small letters"},
    {"IN", "write \"in\" in small letters"},
    {"CONTAINS", "write \"contains\" in small letters"},
    {"MATCHES", "write \"matches\" in small letters"},
    {"like", "write \"contains\" for a part of a text, or \"matches\" for a pattern"},
    {"is", "write =="},
};

constexpr Refusal kFunctions[] = {
    {"lower", "names are compared without regard to case already, and \"matches\" does so for every text"},
    {"upper", "names are compared without regard to case already, and \"matches\" does so for every text"},
    {"len", "ask for the length by a pattern: field matches \"^.{40,}$\""},
    {"length", "ask for the length by a pattern: field matches \"^.{40,}$\""},
    {"count", "how many values a field has cannot be asked"},
    {"string", "use \"contains\" or \"matches\" on a field that is a text"},
    {"vals", "compare the field with the name itself: dns.qry.type == AAAA"},
    {"max", "a comparison is true where any of the values fits it"},
    {"min", "a comparison is true where any of the values fits it"},
};

const Refusal* find(std::span<const Refusal> table, std::string_view token) {
    for (const Refusal& row : table)
        if (row.token == token) return &row;
    return nullptr;
}

Problem function_problem(const Token& name, const Token& bracket) {
    std::string message = "functions are not supported";
    if (const Refusal* const row = find(kFunctions, name.text)) message.append("; ").append(row->message);
    return {message, {name.place.offset, bracket.place.offset + 1 - name.place.offset}};
}

}  // namespace

std::optional<Problem> refused_at(std::span<const Token> from) {
    const Token& first = from.front();
    if (first.kind == TokenKind::sign) {
        const Refusal* const row = find(kSigns, first.text);
        return row == nullptr ? std::nullopt : std::optional(Problem{std::string(row->message), first.place});
    }
    if (first.kind != TokenKind::word) return {};
    if (const Refusal* const row = find(kWords, first.text))
        return Problem{std::string(row->message), first.place};
    if (from.size() > 1 && from[1].is_sign("(")) return function_problem(first, from[1]);
    return {};
}

}  // namespace packetsentry::query
