#include "ctl/doctor/daemon_checks.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <vector>

#include "ctl/doctor/access_checks.h"
#include "ctl/render/amount.h"
#include "ctl/render/job_text.h"
#include "ctl/render/terms_text.h"
#include "daemon/base/names.h"

namespace packetsentry::ctl::doctor {
namespace {

using base::ErrorCode;

constexpr std::size_t kMostNames = 6;

std::string restart(const Facts& facts) {
    return restart_command(facts.socket_path, facts.manager);
}

// "eth0, lo and 3 more"
template <typename Names>
std::string names_of(const Names& all) {
    const std::vector<std::string> names(all.begin(), all.end());
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), kMostNames); ++i)
        text += (i == 0 ? "" : ", ") + names[i];
    if (names.size() > kMostNames) text += " and " + std::to_string(names.size() - kMostNames) + " more";
    return text;
}

// "; required filter icmp; of each packet at most 96 bytes"
std::string terms_of(const wire::PolicyVerdict& verdict) {
    render::Facts terms;
    render::add_terms(terms, verdict.terms());
    std::string text;
    for (auto& [name, value] : terms) {
        name.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(name.front())));
        text += "; " + name + " " + value;
    }
    return text;
}

struct InterfaceCount {
    std::size_t all = 0;
    std::vector<std::string> up;
    bool only_loopback = true;  // of those that are up
    std::string down;           // one that could be taken up
};

InterfaceCount count(const wire::Interfaces& interfaces) {
    InterfaceCount count;
    for (const wire::InterfaceInfo& interface : interfaces.interface()) {
        if (interface.index() == 0) continue;  // "any" is no interface of its own
        ++count.all;
        if (interface.up()) count.up.push_back(interface.name());
        if (interface.up() && !interface.loopback()) count.only_loopback = false;
        if (!interface.up() && !interface.loopback() && count.down.empty()) count.down = interface.name();
    }
    return count;
}

}  // namespace

std::optional<Finding> without_answer(const Facts& facts) {
    if (!facts.connected) return Finding{Verdict::not_checked, "not checked: no connection"};
    if (!facts.trusted)
        return Finding{Verdict::not_checked, "not checked: the socket belongs to a user who is not trusted"};
    if (!facts.status) return Finding{Verdict::not_checked, "not checked: no answer"};
    return std::nullopt;
}

Finding check_daemon(const Facts& facts) {
    if (!facts.connected || !facts.trusted) return *without_answer(facts);
    if (!facts.status && facts.configuration) return cannot_start(facts);
    if (!facts.status)
        return {Verdict::fail, facts.status.error().message,
                facts.status.error().code == ErrorCode::not_permitted ? "" : restart(facts),
                facts.status.error().code};
    const wire::Status& status = *facts.status;
    return {Verdict::ok, "packetsentryd answers: process " + std::to_string(status.pid()) + ", as " +
                             base::user_name(status.uid()) + ", up " +
                             render::duration_text(facts.now_ns - status.started_ns())};
}

Finding check_version(const Facts& facts) {
    if (auto nothing = without_answer(facts)) return *nothing;
    const std::string& theirs = facts.status->version();
    if (theirs == facts.client_version) return {Verdict::ok, "both are " + theirs};
    return {Verdict::warn,
            "packetsentryd has version " + theirs + ", this client has version " + facts.client_version,
            restart(facts) + "; if the versions still differ, install both again"};
}

Finding check_capability(const Facts& facts) {
    if (auto nothing = without_answer(facts)) return *nothing;
    if (facts.status->may_capture()) return {Verdict::ok, "packetsentryd may capture (CAP_NET_RAW)"};
    return {Verdict::fail, "packetsentryd lacks CAP_NET_RAW: no capture can start", restart(facts),
            ErrorCode::not_permitted};
}

Finding check_interfaces(const Facts& facts) {
    if (auto nothing = without_answer(facts)) return *nothing;
    if (!facts.interfaces)
        return {Verdict::fail, facts.interfaces.error().message, "", facts.interfaces.error().code};
    const InterfaceCount found = count(*facts.interfaces);
    if (found.only_loopback)
        return {Verdict::warn,
                "none of " + std::to_string(found.all) + " interfaces is up, except the loopback interface",
                found.down.empty() ? "" : "sudo ip link set " + found.down + " up"};
    return {Verdict::ok, std::to_string(found.up.size()) + " of " + std::to_string(found.all) +
                             " up: " + names_of(found.up)};
}

Finding check_policy(const Facts& facts) {
    if (auto nothing = without_answer(facts)) return *nothing;
    if (!facts.policy) return {Verdict::fail, facts.policy.error().message, "", facts.policy.error().code};
    const wire::PolicyVerdict& verdict = *facts.policy;
    const std::string& file = facts.status->policy_file();
    const std::string mend = "ask root for a rule in " + file + "; see packetsentry-policy.toml(5)";
    if (verdict.unrestricted() && file.empty())
        return {Verdict::ok,
                "there is no policy file: everyone with access may start, see and stop their own jobs"};
    if (verdict.unrestricted()) return {Verdict::ok, "no rule in " + file + " limits " + verdict.rule()};
    if (verdict.interface_size() == 0)
        return {Verdict::fail, verdict.reason(), mend, ErrorCode::not_permitted};
    if (!verdict.allowed())
        return {Verdict::fail, verdict.rule() + " applies to you and allows nothing", mend,
                ErrorCode::not_permitted};
    return {Verdict::ok, verdict.rule() + " applies to you: " + names_of(verdict.action()) + "; on " +
                             names_of(verdict.interface()) + "; jobs " +
                             (verdict.all_jobs() ? "of others too" : "of your own") + terms_of(verdict)};
}

}  // namespace packetsentry::ctl::doctor
