#include "ctl/render/zeek_dns_words.h"

#include <initializer_list>
#include <span>

#include "proto/rows/value_names.h"

namespace packetsentry::ctl::render {
namespace {

using rows::ValueName;
using Names = std::span<const ValueName>;

constexpr ValueName kClasses[] = {{1, "C_INTERNET"}, {2, "C_CSNET"},  {3, "C_CHAOS"},
                                  {4, "C_HESIOD"},   {254, "C_NONE"}, {255, "C_ANY"}};

// What the registry calls otherwise, or not at all.
constexpr ValueName kOwnTypes[] = {
    {255, "*"}, {65281, "WINS"}, {65282, "WINS-R"}, {65422, "XPF"}, {65521, "INTEGRITY"}};
constexpr ValueName kOwnCodes[] = {{8, "NXRRSet"},        {11, "unassigned-11"}, {12, "unassigned-12"},
                                   {13, "unassigned-13"}, {14, "unassigned-14"}, {15, "unassigned-15"},
                                   {3842, "BADSIG"}};

// The name in the first table that has one.
std::string name_of(std::uint32_t number, std::initializer_list<Names> tables, std::string_view unnamed) {
    for (const Names names : tables)
        if (const auto name = rows::name_in(names, number); !name.empty()) return std::string(name);
    return std::string(unnamed) + std::to_string(number);
}

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string zeek_dns_class(std::uint32_t number) {
    return name_of(number, {kClasses}, "qclass-");
}

std::string zeek_dns_type(std::uint32_t number) {
    return name_of(number, {kOwnTypes, rows::kDnsTypeNames}, "query-");
}

std::string zeek_dns_code(std::uint32_t number) {
    return name_of(number, {kOwnCodes, rows::kDnsResponseNames}, "rcode-");
}

void append_zeek_name(TextBuffer& out, std::string_view name) {
    if (name == ".") return;
    bool taken = false;  // the character behind a backslash is one of the label
    for (const char c : name) {
        taken = c == '\\' && !taken;
        if (!taken) out.append(lower(c));
    }
}

}  // namespace packetsentry::ctl::render
