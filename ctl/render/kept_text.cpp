#include "ctl/render/kept_text.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include "ctl/render/amount.h"
#include "ctl/render/packet_time.h"
#include "proto/link/ledger.h"
#include "proto/words/kept_tables.h"
#include "proto/words/table_names.h"

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

// "1.2 GiB a day, so that 20.0 GiB last for 16 d"
std::string growth_of(std::uint64_t limit, std::uint64_t bytes_per_day) {
    if (bytes_per_day == 0) return "";
    const std::string rate = bytes_text(bytes_per_day) + " a day";
    const std::string lasts = lasts_text(limit, bytes_per_day);
    return lasts.empty() ? rate : rate + ", so that " + bytes_text(limit) + " last for " + lasts;
}

// What takes the most space decides.
std::uint64_t bytes_limit(const wire::Keep& keep) {
    const auto parts = proto::retentions_of(keep);
    return parts.empty() ? 0 : parts.front().bytes();
}

template <typename Tables>
std::uint64_t rate_of(const Tables& tables) {
    std::uint64_t rate = 0;
    for (const wire::KeptTable& table : tables) rate += table.bytes_per_day();
    return rate;
}

// The earliest of these times that is known; 0: none is.
std::int64_t earlier(std::int64_t a, std::int64_t b) {
    if (a == 0 || b == 0) return a == 0 ? b : a;
    return std::min(a, b);
}

template <typename Tables>
std::string reach_of(const Tables& tables, bool with_packets) {
    std::map<wire::Table, std::int64_t> since_ns;  // 0: nothing is there
    std::int64_t packets_ns = 0;
    for (const wire::KeptTable& table : tables) {
        std::int64_t& known_ns = since_ns[table.table()];
        known_ns = earlier(known_ns, table.rows_since_ns());
        packets_ns = earlier(packets_ns, table.packets_since_ns());
    }
    const std::int64_t rows_ns = since_ns[wire::TABLE_PACKETS];
    std::string text;
    if (rows_ns != 0) {
        text = "since " + moment_text(rows_ns);
        if (with_packets && packets_ns == 0)
            text += ", without packets";
        else if (with_packets && packets_ns > rows_ns)
            text += ", packets since " + moment_text(packets_ns);
    }
    // A table that goes no further back than packets is not worth a word.
    for (const proto::DerivedKeep& derived : proto::kDerivedKeeps)
        if (const std::int64_t ns = since_ns[derived.table]; ns != 0 && (rows_ns == 0 || ns < rows_ns))
            text.append(text.empty() ? "" : ", ")
                .append(proto::many_of_table(derived.table))
                .append(" since ")
                .append(moment_text(ns));
    return text;
}

// name: "Packets", "Flows".
void add_part(Facts& facts, std::string_view name, const wire::Retention& limits, std::uint64_t bytes,
              std::int64_t since_ns) {
    const std::string limit = limits_text(limits);
    facts.emplace_back(std::string(name) + " in the spool",
                       bytes_text(bytes) + since_text(since_ns) + (limit.empty() ? "" : "; kept " + limit));
}

void add_table(Facts& facts, const wire::Keep& keep, const wire::KeptTable& table) {
    const auto* const derived =
        std::ranges::find(proto::kDerivedKeeps, table.table(), &proto::DerivedKeep::table);
    if (derived != proto::kDerivedKeeps.end())
        return add_part(facts, proto::title_of_table(table.table()), (keep.*derived->retention)(),
                        table.rows_bytes(), table.rows_since_ns());
    add_part(facts, "Rows", keep.rows(), table.rows_bytes(), table.rows_since_ns());
    if (keep.has_packets())
        add_part(facts, "Packets", keep.packets(), table.packets_bytes(), table.packets_since_ns());
}

}  // namespace

std::string lasts_text(std::uint64_t bytes, std::uint64_t bytes_per_day) {
    if (bytes == 0 || bytes_per_day == 0) return "";
    constexpr std::uint64_t kFewDays = 3;
    const std::uint64_t days = bytes / bytes_per_day;
    if (days >= kFewDays) return std::to_string(days) + " d";
    const double hours = 24 * static_cast<double>(bytes) / static_cast<double>(bytes_per_day);
    if (hours >= 1) return std::to_string(static_cast<std::uint64_t>(hours)) + " h";
    return std::to_string(static_cast<std::uint64_t>(60 * hours)) + " min";
}

std::string reach_text(const wire::Job& job) {
    return reach_of(job.kept(), job.keep().has_packets());
}

std::string reach_text(const wire::Status& status) {
    return reach_of(status.spool_table(), true);
}

std::string job_lasts_text(const wire::Job& job) {
    return lasts_text(bytes_limit(job.keep()), rate_of(job.kept()));
}

// The part of the disk that must stay free may be reached before the limit is.
std::string growth_text(const wire::Status& status) {
    const std::uint64_t free = status.spool_free_disk();
    const std::uint64_t usable = status.spool_bytes() + free - std::min(free, status.spool_free_disk_limit());
    return growth_of(std::min(status.spool_bytes_limit(), usable), rate_of(status.spool_table()));
}

void add_kept(Facts& facts, const wire::Job& job) {
    if (!job.has_keep()) return;
    const wire::Keep& keep = job.keep();
    facts.emplace_back("Spool", proto::kept_words(keep) + " are kept there" +
                                    (job.standing() ? ", as the job's file says" : ""));
    for (const wire::KeptTable& table : job.kept()) add_table(facts, keep, table);
    const std::string growth = growth_of(bytes_limit(keep), rate_of(job.kept()));
    if (!growth.empty()) facts.emplace_back("Spool grows", growth);
    if (job.ledger().not_kept() != 0)
        facts.emplace_back("Not in the spool", std::to_string(job.ledger().not_kept()));
    for (const proto::DerivedTable& derived : proto::kDerivedTables)
        if (const auto lost = (job.ledger().*derived.counts)().not_kept(); lost != 0)
            facts.emplace_back(std::string(proto::title_of_table(derived.table)) + " not in it",
                               std::to_string(lost));
}

void put_kept_tables(JsonObject& object, const char* name, const KeptTables& tables) {
    object.open_list(name);
    for (const wire::KeptTable& table : tables) {
        object.open_element();
        object.text("table", proto::name_of_table(table.table()));
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

void put_kept(JsonObject& object, const wire::Job& job) {
    if (job.standing()) object.boolean("standing", true);
    if (job.has_keep()) put_kept_tables(object, "spool", job.kept());
}

}  // namespace packetsentry::ctl::render
