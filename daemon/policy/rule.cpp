#include "daemon/policy/rule.h"

#include <algorithm>
#include <limits>

#include "daemon/base/interface_glob.h"

namespace packetsentry::policy {
namespace {

constexpr std::string_view kAny = "any";

bool matches(const std::string& glob, const std::string& name) {
    if (name == kAny) return glob == kAny || glob == "*";
    return base::matches_interface(glob, name);
}

// With 0 as no limit.
template <typename Number>
bool within(Number value, Number limit) {
    return limit == 0 || (value != 0 && value <= limit);
}

std::uint32_t payload_left(const Redaction& redaction) {
    if (redaction.headers_only || redaction.mask_addresses) return 0;
    return redaction.payload_bytes.value_or(std::numeric_limits<std::uint32_t>::max());
}

void add(std::string& text, const std::string& part) {
    text += (text.empty() ? "" : "; ") + part;
}

}  // namespace

// The rules below it then decide for those whom it was meant for, which a narrow rule is there to prevent.
std::vector<std::string> warnings_of(const Policy& policy) {
    std::vector<std::string> warnings;
    for (const Rule& rule : policy.rules)
        for (const UnknownName& one : rule.unknown)
            warnings.push_back(policy.path + ":" + std::to_string(one.line) + ": '" + one.noun + "' names '" +
                               one.name + "', but there is no such " + one.noun +
                               ": that name matches nobody, and the rules below this one decide");
    return warnings;
}

bool names(const Rule& rule, uid_t user) {
    return std::ranges::find(rule.users, user) != rule.users.end();
}

bool is_for(const Rule& rule, const Peer& peer) {
    if (names(rule, peer.uid)) return true;
    // Which groups somebody else's subordinate id is in, its user decides.
    return peer.standing == Standing::known &&
           std::ranges::any_of(rule.groups, [&](gid_t group) { return is_member(peer, group); });
}

bool allows_interface(const Rule& rule, const std::string& name) {
    return std::ranges::any_of(rule.interfaces, [&](const std::string& glob) { return matches(glob, name); });
}

// Whether one filter passes less than another is not to be known here: the same text, or none.
bool show_no_more(const Terms& terms, const Terms& than) {
    return (than.filter.empty() || terms.filter == than.filter) &&
           within(terms.snapshot_length, than.snapshot_length) &&
           payload_left(terms.redaction) <= payload_left(than.redaction) &&
           terms.redaction.mask_addresses >= than.redaction.mask_addresses;
}

std::string describe(const Terms& terms) {
    std::string text;
    if (!terms.filter.empty()) add(text, "only what passes '" + terms.filter + "'");
    if (terms.snapshot_length != 0)
        add(text, "at most " + std::to_string(terms.snapshot_length) + " bytes of a packet");
    if (terms.redaction.headers_only) add(text, "headers only");
    if (terms.redaction.payload_bytes)
        add(text, "at most " + std::to_string(*terms.redaction.payload_bytes) + " bytes of payload");
    if (terms.redaction.mask_addresses) add(text, "addresses masked");
    if (terms.packets_per_second != 0)
        add(text, "at most " + std::to_string(terms.packets_per_second) + " packets a second");
    if (terms.saved_bytes != 0) add(text, "at most " + std::to_string(terms.saved_bytes) + " bytes saved");
    if (terms.lifetime.count() != 0)
        add(text, "ends after " + std::to_string(terms.lifetime.count()) + " s unless renewed");
    return text;
}

}  // namespace packetsentry::policy
