#include "daemon/policy/outlook.h"

#include <algorithm>

namespace packetsentry::policy {
namespace {

constexpr std::size_t kMostNames = 8;

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
    return all;
}

// Those that the rule gives, or those that it does not.
std::string actions_of(const Rule& rule, bool given) {
    std::vector<std::string> words;
    for (const Permission permission : kPermissions)
        if (rule.permissions.test(place_of(permission)) == given) words.emplace_back(word_of(permission));
    return joined(words);
}

// "rule 1 (/etc/packetsentry/policy.toml:1) is for user alice: view, start; not stop, filter, save, past; …"
std::string sentence_of(const Rule& rule, const Policy& policy) {
    std::string text = label_of(rule, policy) + " is for " + joined(rule.named) + ": ";
    if (rule.permissions.none()) return text + "nothing";
    text += actions_of(rule, true);
    if (!rule.permissions.all()) text += "; not " + actions_of(rule, false);
    text +=
        "; on " + joined(rule.interfaces) + (rule.all_jobs ? "; jobs of others too" : "; jobs of their own");
    const std::string terms = describe(rule.terms);
    return terms.empty() ? text : text + "; " + terms;
}

bool is_for_all_members(const Rules& rules) {
    return std::ranges::any_of(rules.policy->rules, [&](const Rule& rule) {
        return rules.group && std::ranges::find(rule.groups, *rules.group) != rule.groups.end();
    });
}

std::string loss_of(const Rules& rules, const std::vector<Peer>& members) {
    std::vector<std::string> names;
    for (const Peer& member : members)
        if (!is_unrestricted(member, rules) && find_rule(member, rules) == nullptr)
            names.push_back(member.name);
    const std::size_t more = names.size() - std::min(names.size(), kMostNames);
    names.resize(names.size() - more);
    if (more != 0) names.push_back("and " + std::to_string(more) + " more");
    const std::string who = "members of " + rules.group_name + " whom no rule names" +
                            (names.empty() ? "" : " (" + joined(names) + ")");
    return who +
           " lose everything that they may do without a policy: they can start no capture and see no job; to "
           "allow them something, add a last rule with group = [\"" +
           rules.group_name + "\"]";
}

}  // namespace

Outlook outlook_of(const Rules& rules, const std::vector<Peer>& members) {
    Outlook outlook;
    for (const Rule& rule : rules.policy->rules) outlook.rules.push_back(sentence_of(rule, *rules.policy));
    if (!is_for_all_members(rules)) outlook.losses.push_back(loss_of(rules, members));
    return outlook;
}

}  // namespace packetsentry::policy
