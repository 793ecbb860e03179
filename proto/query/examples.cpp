#include "proto/query/examples.h"

#include "proto/query/aliases.h"
#include "proto/rows/value_names.h"

namespace packetsentry::query {
namespace {

// What is likely to be asked, where the kind alone suggests nothing that a packet has.
struct OwnExample {
    const rows::FieldInfo* info;
    std::string_view comparison;
};
constexpr OwnExample kOwnExamples[] = {
    {&rows::field("destination.port"), "== 443"},
    {&rows::field("http.request.method"), "== POST"},
    {&rows::field("http.response.status_code"), ">= 400"},
    {&rows::field("http.version"), "== \"1.1\""},
    {&rows::field("network.bytes"), "> 1000"},
    {&rows::field("network.direction"), "== egress"},
    {&rows::field("network.iana_number"), "== 17"},
    {&rows::field("network.protocol"), "== dns"},
    {&rows::field("network.transport"), "== udp"},
    {&rows::field("network.type"), "== ipv6"},
    {&rows::field("observer.egress.interface.id"), "== \"2\""},
    {&rows::field("observer.egress.interface.name"), "== eth0"},
    {&rows::field("observer.ingress.interface.id"), "== \"2\""},
    {&rows::field("observer.ingress.interface.name"), "== eth0"},
    {&rows::field("packetsentry.ethertype"), "== 0x0800"},
    {&rows::field("packetsentry.ip.ttl"), "< 5"},
    {&rows::field("packetsentry.layers"), "contains \"vxlan\""},
    {&rows::field("packetsentry.protocol"), "== DNS"},
    {&rows::field("packetsentry.tcp.flags"), "contains \"SYN\""},
    {&rows::field("source.port"), "< 1024"},
};

// As a word where it is one.
std::string value_text(std::string_view name) {
    constexpr std::string_view kLettersAndDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const bool is_word = name.find_first_not_of(kLettersAndDigits) == std::string_view::npos;
    return is_word ? std::string(name) : '"' + std::string(name) + '"';
}

std::string comparison_of_kind(const rows::FieldInfo& info) {
    switch (info.kind) {
        case rows::FieldKind::number:
            return info.keyword() ? "== 7" : "> 0";
        case rows::FieldKind::text:
            return "contains \"example\"";
        case rows::FieldKind::address:
            return info.path.ends_with("mac") ? "== 00:00:5e:00:53:01" : "== 192.0.2.0/24";
        case rows::FieldKind::time:
            return ">= \"2026-11-29 03:00:00\"";
        case rows::FieldKind::flag:
            return "== true";
    }
    return {};
}

std::string comparison_of(const rows::FieldInfo& info) {
    for (const OwnExample& row : kOwnExamples)
        if (row.info == &info) return std::string(row.comparison);
    const rows::NamedNumbers* const numbers = rows::named_numbers(info.path);
    if (numbers == nullptr || numbers->names.empty()) return comparison_of_kind(info);
    return "== " + value_text(numbers->names.front().name);
}

}  // namespace

std::string example_of(const rows::FieldInfo& info) {
    if (!why_not_asked(info.path).empty()) return {};
    return std::string(info.path) + " " + comparison_of(info);
}

}  // namespace packetsentry::query
