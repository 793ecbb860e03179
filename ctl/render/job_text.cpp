#include "ctl/render/job_text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "ctl/render/amount.h"
#include "ctl/render/kept_text.h"
#include "ctl/render/loss.h"
#include "ctl/render/packet_time.h"
#include "ctl/render/table.h"
#include "ctl/render/terms_text.h"
#include "daemon/base/names.h"
#include "proto/link/ledger.h"
#include "proto/words/state_names.h"
#include "proto/words/table_names.h"

namespace packetsentry::ctl::render {
namespace {

std::string one_decimal(double value) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.1f", value);
    return text.data();
}

void add_output(Facts& facts, const wire::Job& job) {
    const wire::Ledger& ledger = job.ledger();
    if (job.output_name().empty()) return;
    const wire::SavingEnd& end = job.saving_end();
    facts.emplace_back("Output", job.output_name());
    if (ledger.ended_files() != 0)
        facts.emplace_back("Files", "this is number " + std::to_string(ledger.ended_files() + 1) +
                                        ", after others that are full");
    facts.emplace_back("Saved", std::to_string(ledger.saved()) + " (" + bytes_text(ledger.saved_bytes()) +
                                    ")" + (job.has_saving_end() ? ", by " + moment_text(end.at_ns()) : ""));
    facts.emplace_back("Not saved", std::to_string(ledger.not_saved()));
    if (job.has_saving_end()) facts.emplace_back("Saving ended", end.reason());
}

// "2025-05-15 10:30:00, stopped by alice", "2025-05-15 10:30:00: its lifetime is over"
std::string end_text(const wire::Job& job) {
    if (job.has_ended_by())
        return moment_text(job.ended_ns()) + ", stopped by " + base::user_name(job.ended_by());
    return moment_text(job.ended_ns()) + (job.ended_because().empty() ? "" : ": " + job.ended_because());
}

void add_notices(Facts& facts, const wire::Job& job) {
    for (int i = 0; i < job.notice_size(); ++i)
        facts.emplace_back(
            "Notice", (i < job.notice_ns_size() ? moment_text(job.notice_ns(i)) + ", " : "") + job.notice(i));
}

void add_ledger(Facts& facts, const wire::Ledger& ledger) {
    facts.emplace_back("Received", std::to_string(ledger.received()));
    facts.emplace_back("Dropped by the kernel", std::to_string(ledger.dropped_by_kernel()));
    facts.emplace_back("In the ring", std::to_string(ledger.unread()));
    facts.emplace_back("Delivered", std::to_string(ledger.delivered()));
    facts.emplace_back("Filtered out", std::to_string(ledger.filtered()));
    facts.emplace_back("Shed", std::to_string(ledger.shed()));
    facts.emplace_back("Recorded", std::to_string(ledger.recorded()));
    facts.emplace_back("Malformed", std::to_string(ledger.malformed()));
    facts.emplace_back("Bytes", std::to_string(ledger.bytes()) + " (" + bytes_text(ledger.bytes()) + ")");
}

std::string derived_text(const wire::DerivedCounts& counts) {
    std::string text = std::to_string(counts.rows()) + " rows";
    if (counts.shed() != 0) text += ", " + std::to_string(counts.shed()) + " more shed";
    if (counts.evicted() != 0)
        text += ", " + std::to_string(counts.evicted()) + " ended early for lack of room";
    return text;
}

void add_derived(Facts& facts, const wire::Ledger& ledger) {
    for (const proto::DerivedTable& derived : proto::kDerivedTables) {
        const wire::DerivedCounts& counts = (ledger.*derived.counts)();
        if (counts.rows() + counts.shed() != 0)
            facts.emplace_back(proto::title_of_table(derived.table), derived_text(counts));
    }
}

void add_losses(Facts& facts, const wire::Job& job) {
    if (job.worker_restarts() != 0)
        facts.emplace_back("Worker restarts", std::to_string(job.worker_restarts()));
    if (job.interface_dropped() != 0)
        facts.emplace_back("Dropped by the interface", std::to_string(job.interface_dropped()));
    const std::uint64_t earlier =
        job.losses() - std::min(job.losses(), static_cast<std::uint64_t>(job.loss_size()));
    if (earlier != 0) facts.emplace_back("Gaps", std::to_string(earlier) + " earlier ones");
    for (const wire::Loss& loss : job.loss()) facts.emplace_back("Gap", loss_text(loss));
}

}  // namespace

std::string state_text(const wire::Job& job) {
    const bool over = job.state() == wire::JOB_FINISHED || job.state() == wire::JOB_FAILED;
    return std::string(proto::state_name(job.state())) +
           (job.has_saving_end() && !over ? ", not saving" : "");
}

std::string saving_text(const wire::Job& job) {
    const wire::Ledger& ledger = job.ledger();
    return std::to_string(ledger.saved()) + " of " + std::to_string(ledger.recorded()) + " packets of job " +
           std::to_string(job.id()) + " were saved to " + job.output_name() + " by " +
           moment_text(job.saving_end().at_ns()) + "; saving then ended: " + job.saving_end().reason();
}

std::string interface_names(const wire::CaptureSpec& capture) {
    return joined(capture.interface());
}

std::string filter_name(const wire::Job& job) {
    const std::string& display = job.capture().filter().display();
    const std::string text = job.filter_text().empty() ? "none" : job.filter_text();
    return display.empty() ? text : text + "; display filter: " + display;
}

wire::TableRows rows_of(const wire::Job& job, wire::Table table) {
    const auto found = std::ranges::find(job.rows(), table, &wire::TableRows::table);
    return found == job.rows().end() ? wire::TableRows() : *found;
}

std::string redaction_text(const wire::Redaction& redaction) {
    const bool headers =
        redaction.headers_only() || (redaction.cut_payload() && redaction.payload_bytes() == 0);
    if (redaction.mask_addresses()) return "addresses masked, headers only";
    if (headers) return "headers only";
    if (redaction.cut_payload()) return std::to_string(redaction.payload_bytes()) + " bytes of payload";
    return {};
}

std::string redaction_suffix(const wire::Redaction& redaction) {
    const std::string text = redaction_text(redaction);
    return text.empty() ? text : ", redacted: " + text;
}

// With a column for when jobs expire, where one does, and with two for what the spool has, where it has
// anything.
std::string jobs_table(const wire::Jobs& jobs, bool with_head) {
    const bool expire =
        std::ranges::any_of(jobs.job(), [](const wire::Job& job) { return job.expires_ns() != 0; });
    std::vector<std::string> head = {"ID",     "NAME",    "STATE",   "OWNER", "INTERFACE",
                                     "FILTER", "PACKETS", "DROPPED", "SINCE"};
    const bool kept = std::ranges::any_of(jobs.job(), [](const wire::Job& job) { return job.has_keep(); });
    if (expire) head.emplace_back("EXPIRES");
    if (kept) head.insert(head.end(), {"KEPT", "LASTS"});
    Table table(std::move(head));
    for (const wire::Job& job : jobs.job()) {
        std::vector<std::string> row = {
            std::to_string(job.id()),
            job.name(),
            state_text(job),
            base::user_name(job.owner_uid()),
            interface_names(job.capture()),
            filter_name(job),
            std::to_string(job.ledger().recorded()),
            std::to_string(job.ledger().dropped_by_kernel() + job.ledger().shed()),
            moment_text(job.started_ns())};
        if (expire) row.push_back(moment_text(job.expires_ns()));
        if (kept) row.insert(row.end(), {reach_text(job), job_lasts_text(job)});
        table.add(std::move(row));
    }
    return table.text(with_head);
}

std::string job_facts(const wire::Job& job) {
    Facts facts = {{"Job", std::to_string(job.id())}};
    if (!job.name().empty()) facts.emplace_back("Name", job.name());
    facts.emplace_back("State", state_text(job));
    if (job.has_error()) facts.emplace_back("Error", job.error().message());
    facts.emplace_back("Owner", base::user_name(job.owner_uid()));
    facts.emplace_back("Interface", interface_names(job.capture()));
    facts.emplace_back("Filter", filter_name(job));
    if (job.capture().with_bytes()) facts.emplace_back("Rows", "with the bytes of their packets");
    if (!job.rule().empty()) facts.emplace_back("Policy", job.rule());
    add_terms(facts, job.terms());
    facts.emplace_back("Since", moment_text(job.started_ns()));
    if (job.expires_ns() != 0) facts.emplace_back("Ends", moment_text(job.expires_ns()) + ", unless renewed");
    if (job.ended_ns() != 0) facts.emplace_back("Ended", end_text(job));
    add_ledger(facts, job.ledger());
    facts.emplace_back("Rate", one_decimal(job.packets_per_second()) + " packets/s, " +
                                   one_decimal(job.bytes_per_second()) + " bytes/s");
    const wire::TableRows packets = rows_of(job, wire::TABLE_PACKETS);
    facts.emplace_back("Kept",
                       std::to_string(packets.kept()) + " rows (" + bytes_text(job.kept_bytes()) + ")");
    facts.emplace_back("Evicted", std::to_string(packets.evicted()) + " rows");
    add_derived(facts, job.ledger());
    add_output(facts, job);
    add_kept(facts, job);
    facts.emplace_back("Followers", std::to_string(job.followers()));
    add_losses(facts, job);
    add_notices(facts, job);
    return facts_text(facts);
}

}  // namespace packetsentry::ctl::render
