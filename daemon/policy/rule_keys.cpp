#include "daemon/policy/rule_keys.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "daemon/config/value.h"

namespace packetsentry::policy {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kGlobLimit = 64;
constexpr std::size_t kFilterLimit = 4096;
constexpr std::size_t kListLimit = 1024;
constexpr std::size_t kGlobs = 64;
constexpr std::uint64_t kPacketLimit = 262144;  // bytes
constexpr std::uint64_t kHighestId = std::numeric_limits<std::uint32_t>::max() - 1;
constexpr std::uint64_t kSavedLimit = 1ULL << 50;
constexpr auto kLongest = std::chrono::seconds(366 * 24h);

std::string wanted(const std::string& what) {
    return "must be " + what;
}

// one: takes an element, and gives back the mistake or "".
template <typename One>
std::string each(const toml::node& node, const std::string& what, One one) {
    const toml::array* list = node.as_array();
    if (list == nullptr || list->size() > kListLimit) return wanted(what);
    for (const toml::node& element : *list)
        if (std::string mistake = one(element); !mistake.empty()) return mistake;
    return "";
}

template <auto Member, auto LookUp>
std::string set_ids(Rule& rule, const toml::node& node, const Names& names, const char* noun) {
    const std::string what = std::string("a list of names and numbers of ") + noun + "s";
    if (node.as_array() != nullptr && node.as_array()->empty()) return wanted(what + ", and not empty");
    return each(node, what, [&](const toml::node& element) -> std::string {
        if (const auto id = config::number_of(element, 0, kHighestId)) {
            rule.named.push_back(std::string(noun) + " " + std::to_string(*id));
            (rule.*Member).push_back(static_cast<std::uint32_t>(*id));
            return "";
        }
        const auto name = config::text_of(element);
        if (!name) return wanted(what);
        const auto id = (names.*LookUp)(*name);
        if (!id) return "names '" + *name + "', which cannot be looked up now: " + id.error().message;
        rule.named.push_back(std::string(noun) + " " + *name + (*id ? "" : " (unknown)"));
        if (*id)
            (rule.*Member).push_back(**id);
        else
            rule.unknown.push_back({element.source().begin.line, noun, *name});
        return "";
    });
}

std::string set_users(Rule& rule, const toml::node& node, const Names& names) {
    return set_ids<&Rule::users, &Names::user>(rule, node, names, "user");
}

std::string set_groups(Rule& rule, const toml::node& node, const Names& names) {
    return set_ids<&Rule::groups, &Names::group>(rule, node, names, "group");
}

std::string permission_words() {
    std::string words;
    for (const Permission permission : kPermissions)
        words += (words.empty() ? "" : ", ") + std::string(word_of(permission));
    return words;
}

std::string set_actions(Rule& rule, const toml::node& node, const Names&) {
    const std::string what = "a list of any of: " + permission_words();
    return each(node, what, [&](const toml::node& element) {
        const auto word = config::text_of(element);
        const auto permission = word ? find_permission(*word) : std::nullopt;
        if (!permission) return wanted(what);
        rule.permissions.set(place_of(*permission));
        return std::string();
    });
}

std::string set_interfaces(Rule& rule, const toml::node& node, const Names&) {
    const std::string what = "a list of 1 to 64 names with * and ?, of at most 64 bytes each";
    auto globs = config::texts_of(node, kGlobs, kGlobLimit);
    if (!globs || globs->empty()) return wanted(what);
    rule.interfaces = std::move(*globs);
    return "";
}

std::string set_jobs(Rule& rule, const toml::node& node, const Names&) {
    const auto value = config::text_of(node);
    if (value != "own" && value != "all") return wanted("\"own\" or \"all\"");
    rule.all_jobs = value == "all";
    return "";
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// Whether it compiles only a worker finds out: nothing of libpcap is linked here.
std::string set_filter(Rule& rule, const toml::node& node, const Names&) {
    const auto text = config::text_of(node);
    if (!text || text->size() > kFilterLimit || std::ranges::any_of(*text, is_control) ||
        text->find_first_not_of(' ') == std::string::npos)
        return wanted("a libpcap expression of at most 4096 bytes on one line");
    rule.terms.filter = *text;
    return "";
}

template <auto Member, std::uint64_t Low, std::uint64_t High>
std::string set_number(Rule& rule, const toml::node& node, const Names&) {
    const auto number = config::number_of(node, Low, High);
    if (!number) return wanted(config::number_wanted(Low, High));
    using Number = std::remove_reference_t<decltype(rule.terms.*Member)>;
    rule.terms.*Member = static_cast<Number>(*number);
    return "";
}

std::string set_saved_bytes(Rule& rule, const toml::node& node, const Names&) {
    const auto bytes = config::size_of(node, 1, kSavedLimit);
    if (!bytes) return wanted("a size such as \"100MiB\", from 1 byte to 1024 TiB");
    rule.terms.saved_bytes = *bytes;
    return "";
}

std::string set_lifetime(Rule& rule, const toml::node& node, const Names&) {
    const auto time = config::duration_of(node, 1s, kLongest);
    if (!time) return wanted("a time such as \"24h\", with s, m, h or d, from 1s to 366d");
    rule.terms.lifetime = *time;
    return "";
}

template <auto Member>
std::string set_redaction(Rule& rule, const toml::node& node, const Names&) {
    const auto value = node.value_exact<bool>();
    if (!value) return wanted("true or false");
    rule.terms.redaction.*Member = *value;
    return "";
}

std::string set_payload(Rule& rule, const toml::node& node, const Names&) {
    const auto bytes = config::number_of(node, 0, kPacketLimit);
    if (!bytes) return wanted(config::number_wanted(0, kPacketLimit) + ", of bytes");
    rule.terms.redaction.payload_bytes = static_cast<std::uint32_t>(*bytes);
    return "";
}

constexpr std::array kKeys = {
    RuleKey{"user", set_users},
    RuleKey{"group", set_groups},
    RuleKey{"actions", set_actions},
    RuleKey{"interfaces", set_interfaces},
    RuleKey{"jobs", set_jobs},
    RuleKey{"filter", set_filter},
    RuleKey{"snaplen", set_number<&Terms::snapshot_length, 1, kPacketLimit>},
    RuleKey{"max_jobs", set_number<&Terms::jobs, 1, 1024>},
    RuleKey{"max_rate", set_number<&Terms::packets_per_second, 1, 1'000'000'000>},
    RuleKey{"max_bytes", set_saved_bytes},
    RuleKey{"lifetime", set_lifetime},
    RuleKey{"redact.headers", set_redaction<&Redaction::headers_only>},
    RuleKey{"redact.payload", set_payload},
    RuleKey{"redact.addresses", set_redaction<&Redaction::mask_addresses>},
};

}  // namespace

std::span<const RuleKey> rule_keys() {
    return kKeys;
}

}  // namespace packetsentry::policy
