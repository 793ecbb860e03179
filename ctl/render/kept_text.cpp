#include "ctl/render/kept_text.h"

#include <algorithm>

#include "ctl/render/amount.h"
#include "ctl/render/packet_time.h"

namespace packetsentry::ctl::render {
namespace {

constexpr std::uint64_t kDay = 86'400ULL * 1'000'000'000;

// "for 14 days, at most 200.0 GiB"; "" if there is no limit.
std::string limits_text(const wire::Retention& retention) {
    std::string text;
    if (retention.age_ns() >= kDay)
        text = "for " + std::to_string(retention.age_ns() / kDay) + " d";
    else if (retention.age_ns() != 0)
        text = "for " + duration_text(static_cast<std::int64_t>(retention.age_ns()));
    if (retention.bytes() != 0)
        text += (text.empty() ? "at most " : ", at most ") + bytes_text(retention.bytes());
    return text;
}

std::string since_text(std::int64_t since_ns) {
    return since_ns == 0 ? "" : ", since " + fixed_time(since_ns);
}

// When what comes in a day reaches what is allowed.
std::string lasts_text(const wire::Keep& keep, const wire::KeptTable& table) {
    const std::uint64_t limit = keep.has_packets() ? keep.packets().bytes() : keep.rows().bytes();
    if (table.bytes_per_day() == 0) return "";
    const std::string rate = bytes_text(table.bytes_per_day()) + " a day";
    if (limit == 0) return rate;
    return rate + ", so that " + bytes_text(limit) + " last for " +
           std::to_string(limit / std::max<std::uint64_t>(table.bytes_per_day(), 1)) + " d";
}

void add_part(Facts& facts, const char* name, const wire::Retention& limits, std::uint64_t bytes,
              std::int64_t since_ns) {
    const std::string limit = limits_text(limits);
    facts.emplace_back(name,
                       bytes_text(bytes) + since_text(since_ns) + (limit.empty() ? "" : "; kept " + limit));
}

}  // namespace

void add_kept(Facts& facts, const wire::Job& job) {
    if (!job.has_keep()) return;
    facts.emplace_back("Spool", std::string(job.keep().has_packets() ? "packets and rows are" : "rows are") +
                                    " kept there" + (job.standing() ? ", as the job's file says" : ""));
    for (const wire::KeptTable& table : job.kept()) {
        add_part(facts, "Rows in the spool", job.keep().rows(), table.rows_bytes(), table.rows_since_ns());
        if (job.keep().has_packets())
            add_part(facts, "Packets in the spool", job.keep().packets(), table.packets_bytes(),
                     table.packets_since_ns());
        if (const std::string lasts = lasts_text(job.keep(), table); !lasts.empty())
            facts.emplace_back("Spool grows", lasts);
    }
    if (job.ledger().not_kept() != 0)
        facts.emplace_back("Not in the spool", std::to_string(job.ledger().not_kept()));
}

void put_kept(JsonObject& object, const wire::Job& job) {
    if (job.standing()) object.boolean("standing", true);
    if (!job.has_keep()) return;
    object.open_list("spool");
    for (const wire::KeptTable& table : job.kept()) {
        object.open_element();
        object.text("table", "packets");
        object.number("rows", table.rows());
        object.number("rows_bytes", table.rows_bytes());
        object.moment("rows_since", table.rows_since_ns());
        object.number("packets_bytes", table.packets_bytes());
        object.moment("packets_since", table.packets_since_ns());
        object.number("bytes_per_day", table.bytes_per_day());
        object.close();
    }
    object.close_list();
}

std::string kept_since(const wire::Job& job) {
    if (!job.has_keep()) return "-";
    if (job.kept().empty()) return "not known";
    std::int64_t since_ns = 0;
    for (const wire::KeptTable& table : job.kept())
        if (table.rows_since_ns() != 0 && (since_ns == 0 || table.rows_since_ns() < since_ns))
            since_ns = table.rows_since_ns();
    return since_ns == 0 ? "nothing yet" : moment_text(since_ns);
}

}  // namespace packetsentry::ctl::render
