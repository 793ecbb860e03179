#include "ctl/render/verdict.h"

#include "ctl/render/amount.h"
#include "ctl/render/table.h"
#include "ctl/render/terms_text.h"

namespace packetsentry::ctl::render {
namespace {

// Adds what only an answer about all that the user may do contains.
void add_overview(Facts& facts, const wire::PolicyVerdict& verdict) {
    if (verdict.interface_size() == 0) return;
    facts.emplace_back("Actions", verdict.action_size() == 0 ? "none" : joined(verdict.action()));
    facts.emplace_back("Interfaces", joined(verdict.interface()));
    facts.emplace_back("Jobs", verdict.all_jobs() ? "their own and those of others" : "their own");
}

}  // namespace

std::string verdict_facts(const wire::PolicyVerdict& verdict) {
    Facts facts = {{"Verdict", verdict.allowed() ? "allowed" : "refused"},
                   {"Rule", verdict.rule()},
                   {"Reason", verdict.reason()}};
    add_overview(facts, verdict);
    add_terms(facts, verdict.terms());
    if (verdict.max_jobs() != 0)
        facts.emplace_back("Running jobs", "at most " + std::to_string(verdict.max_jobs()));
    if (verdict.lifetime_ns() != 0)
        facts.emplace_back("Lifetime", duration_text(static_cast<std::int64_t>(verdict.lifetime_ns())) +
                                           " without 'packetsentryctl renew'");
    return facts_text(facts);
}

std::string verdict_json(const wire::PolicyVerdict& verdict) {
    JsonObject object;
    object.text("verdict", verdict.allowed() ? "allowed" : "refused");
    object.text("rule", verdict.rule());
    object.text("reason", verdict.reason());
    object.boolean("unrestricted", verdict.unrestricted());
    if (verdict.interface_size() != 0) {
        object.texts("actions", verdict.action());
        object.texts("interfaces", verdict.interface());
        object.boolean("all_jobs", verdict.all_jobs());
    }
    put_terms(object, verdict.terms());
    if (verdict.max_jobs() != 0) object.number("max_jobs", verdict.max_jobs());
    if (verdict.lifetime_ns() != 0) object.number("lifetime_seconds", verdict.lifetime_ns() / 1'000'000'000);
    return object.line();
}

}  // namespace packetsentry::ctl::render
