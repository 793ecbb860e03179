#include "ctl/render/status_text.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "ctl/render/amount.h"
#include "ctl/render/json_object.h"
#include "ctl/render/kept_text.h"
#include "ctl/render/packet_time.h"
#include "ctl/render/table.h"
#include "daemon/base/names.h"

namespace packetsentry::ctl::render {
namespace {

// "7: message 3, slow reader 4"
std::string refused_text(const wire::Status& status) {
    std::string text = std::to_string(status.refused());
    const char* before = ": ";
    for (const wire::Refusals& refusals : status.refusals()) {
        std::string kind = refusals.kind();
        std::ranges::replace(kind, '_', ' ');
        text += std::exchange(before, ", ") + kind + " " + std::to_string(refusals.count());
    }
    return text;
}

// "/etc/packetsentry/policy.toml, 2 rules, since 2025-05-15 10:30:00"
std::string policy_text(const wire::Status& status) {
    if (status.policy_since_ns() == 0) return "-";
    const std::string since = ", since " + moment_text(status.policy_since_ns());
    if (status.policy_file().empty()) return "none: members of the group have their own jobs" + since;
    return status.policy_file() + ", " + std::to_string(status.policy_rules()) +
           (status.policy_rules() == 1 ? " rule" : " rules") + since;
}

// "; yours 3, at most 8 on an interface and 64 in all"
std::string yours_text(const std::string& yours, const std::string& limit) {
    return "; yours " + yours + (limit.empty() ? "" : ", at most " + limit);
}

std::string sockets_text(const wire::Status& status) {
    const wire::CaptureUse& limit = status.your_captures_limit();
    const std::string most = limit.sockets() == 0
                                 ? ""
                                 : std::to_string(limit.sockets_per_interface()) + " on an interface and " +
                                       std::to_string(limit.sockets()) + " in all";
    return std::to_string(status.captures().sockets()) +
           yours_text(std::to_string(status.your_captures().sockets()), most);
}

std::string rings_text(const wire::Status& status) {
    const std::uint64_t limit = status.your_captures_limit().ring_bytes();
    return bytes_text(status.captures().ring_bytes()) + " of " +
           bytes_text(status.captures_limit().ring_bytes()) +
           yours_text(bytes_text(status.your_captures().ring_bytes()), limit == 0 ? "" : bytes_text(limit));
}

std::string filters_text(const wire::Status& status) {
    const std::uint64_t limit = status.your_captures_limit().filter_instructions();
    return std::to_string(status.captures().filter_instructions()) + " instructions" +
           yours_text(std::to_string(status.your_captures().filter_instructions()),
                      limit == 0 ? "" : std::to_string(limit) + " on an interface");
}

// In a limit, what is not limited is left out.
void add_use(JsonObject& object, const char* name, const wire::CaptureUse& use) {
    const bool limit = std::string_view(name).ends_with("_limit");
    const auto add = [&](const char* key, std::uint64_t number) {
        if (!limit || number != 0) object.number(key, number);
    };
    object.open(name);
    add("sockets", use.sockets());
    if (limit) add("sockets_per_interface", use.sockets_per_interface());
    add("ring_bytes", use.ring_bytes());
    add("filter_instructions", use.filter_instructions());
    add("memory_output_bytes", use.memory_output_bytes());
    object.close();
}

// "1.5 GiB of 20.0 GiB in /var/lib/packetsentry/spool; 100.0 GiB of its disk are free"
std::string spool_text(const wire::Status& status) {
    if (status.spool().empty()) return "none: " + status.spool_trouble();
    return bytes_text(status.spool_bytes()) + " of " + bytes_text(status.spool_bytes_limit()) + " in " +
           status.spool() + "; " + bytes_text(status.spool_free_disk()) + " of its disk are free" +
           (status.spool_trouble().empty() ? "" : "; " + status.spool_trouble());
}

// Adds nothing that is not known.
void add_reach(Facts& facts, const wire::Status& status) {
    const std::string reach = reach_text(status);
    const std::string growth = growth_text(status);
    if (!reach.empty()) facts.emplace_back("Spool reaches back", reach);
    if (!growth.empty()) facts.emplace_back("Spool grows", growth);
}

// "1.0 MiB of 2.0 GiB; yours 512.0 KiB, since 2025-05-15 10:30:00"
std::string user_spool_text(const wire::Status& status) {
    return bytes_text(status.spool_user_bytes()) + " of " + bytes_text(status.spool_user_bytes_limit()) +
           "; yours " + bytes_text(status.your_spool_bytes()) +
           (status.your_spool_since_ns() == 0 ? "" : ", since " + moment_text(status.your_spool_since_ns()));
}

void add_spool(JsonObject& object, const wire::Status& status) {
    object.open("spool");
    object.text_unless_empty("directory", status.spool());
    object.text_unless_empty("trouble", status.spool_trouble());
    object.number("bytes", status.spool_bytes());
    object.number("bytes_limit", status.spool_bytes_limit());
    object.number("free_disk", status.spool_free_disk());
    object.number("free_disk_limit", status.spool_free_disk_limit());
    put_kept_tables(object, "tables", status.spool_table());
    object.number("user_bytes", status.spool_user_bytes());
    object.number("user_bytes_limit", status.spool_user_bytes_limit());
    object.number("your_bytes", status.your_spool_bytes());
    object.moment("your_since", status.your_spool_since_ns());
    object.close();
}

}  // namespace

std::string status_facts(const wire::Status& status, std::int64_t now_ns) {
    Facts facts = {
        {"Version", status.version()},
        {"Socket", status.socket()},
        {"Process", std::to_string(status.pid()) + ", as " + base::user_name(status.uid())},
        {"Up", duration_text(now_ns - status.started_ns()) + ", since " + moment_text(status.started_ns())},
        {"May capture", status.may_capture() ? "yes" : "no: it lacks CAP_NET_RAW"},
        {"Policy", policy_text(status)},
        {"Jobs", std::to_string(status.live_jobs()) + " live, " + std::to_string(status.finished_jobs()) +
                     " finished"},
        {"Clients", std::to_string(status.clients())},
        {"Kept", bytes_text(status.kept_bytes()) + " of " + bytes_text(status.kept_bytes_limit())},
        {"Spool", spool_text(status)}};
    add_reach(facts, status);
    facts.emplace_back("Kept by users", user_spool_text(status));
    const Facts use = {{"Streams", std::to_string(status.streams()) + ", " +
                                       bytes_text(status.waiting_bytes()) + " waiting"},
                       {"Packet sockets", sockets_text(status)},
                       {"Kernel rings", rings_text(status)},
                       {"Kernel filters", filters_text(status)},
                       {"Refused", refused_text(status)},
                       {"Delayed", std::to_string(status.delayed_requests()) + " requests"},
                       {"Worker failures", std::to_string(status.worker_failures())}};
    facts.insert(facts.end(), use.begin(), use.end());
    return facts_text(facts);
}

std::string status_json(const wire::Status& status) {
    JsonObject object;
    object.text("version", status.version());
    object.text("socket", status.socket());
    object.number("pid", status.pid());
    object.number("uid", status.uid());
    object.moment("started", status.started_ns());
    object.boolean("may_capture", status.may_capture());
    if (status.policy_since_ns() != 0) {
        object.open("policy");
        object.text_unless_empty("file", status.policy_file());
        object.number("rules", status.policy_rules());
        object.moment("since", status.policy_since_ns());
        object.close();
    }
    object.number("live_jobs", status.live_jobs());
    object.number("finished_jobs", status.finished_jobs());
    object.number("clients", status.clients());
    object.number("kept_bytes", status.kept_bytes());
    object.number("kept_bytes_limit", status.kept_bytes_limit());
    add_spool(object, status);
    object.number("refused", status.refused());
    object.open("refusals");
    for (const wire::Refusals& refusals : status.refusals())
        object.number(refusals.kind().c_str(), refusals.count());
    object.close();
    object.number("delayed_requests", status.delayed_requests());
    object.number("streams", status.streams());
    object.number("waiting_bytes", status.waiting_bytes());
    object.number("worker_failures", status.worker_failures());
    add_use(object, "captures", status.captures());
    add_use(object, "captures_limit", status.captures_limit());
    add_use(object, "your_captures", status.your_captures());
    if (status.has_your_captures_limit())
        add_use(object, "your_captures_limit", status.your_captures_limit());
    return object.line();
}

}  // namespace packetsentry::ctl::render
