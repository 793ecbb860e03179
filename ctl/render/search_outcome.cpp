#include "ctl/render/search_outcome.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <limits>

#include "ctl/render/amount.h"
#include "ctl/render/packet_time.h"
#include "ctl/render/table.h"
#include "ctl/render/terms_text.h"
#include "proto/words/table_names.h"

namespace packetsentry::ctl::render {
namespace {

constexpr std::size_t kJobsShown = 8;
constexpr int kTimesShown = 8;
constexpr std::int64_t kFromTheBeginning = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kToTheEnd = std::numeric_limits<std::int64_t>::max();

std::string amount_of(std::uint64_t number, const char* one, const char* many) {
    return std::to_string(number) + " " + (number == 1 ? one : many);
}

std::string were(std::uint64_t rows) {
    return rows == 1 ? " was" : " were";
}

// "1 packet was", "2 packets were"
std::string packets_were(std::uint64_t packets) {
    return proto::count_of_rows(wire::TABLE_PACKETS, packets) + were(packets);
}

wire::Table table_of(const SearchOutcome& outcome) {
    const wire::Table table = outcome.question.table();
    return table == wire::TABLE_UNKNOWN ? wire::TABLE_PACKETS : table;
}

// "1 flow", "2 packets": rows of the table that was asked.
std::string rows_text(const SearchOutcome& outcome, std::uint64_t rows) {
    return proto::count_of_rows(table_of(outcome), rows);
}

// "no flow was found"
std::string nothing_found(const SearchOutcome& outcome) {
    return "no " + std::string(proto::one_of_table(table_of(outcome))) + " was found";
}

std::string name_of_job(const SearchOutcome& outcome, std::uint64_t id) {
    const auto& jobs = outcome.scope.job();
    const auto found = std::ranges::find(jobs, id, [](const wire::KeptJobName& job) { return job.id(); });
    if (found == jobs.end() || found->name().empty()) return std::to_string(id);
    const auto namesakes =
        std::ranges::count(jobs, found->name(), [](const auto& job) { return job.name(); });
    return namesakes == 1 ? found->name() : std::to_string(id) + " (" + found->name() + ")";
}

bool asks_for_packets(const SearchOutcome& outcome) {
    return !outcome.output_name.empty() || outcome.question.with_bytes();
}

// " (kept since 2026-11-24 08:00:00)". Packets may be kept for a shorter time than rows, which concerns those
// who asked for packets.
std::string kept_since(const SearchOutcome& outcome, const wire::KeptJobName& job) {
    const std::string rows = job.rows_since_ns() == 0 ? "" : "kept since " + moment_text(job.rows_since_ns());
    const bool same = job.packets_since_ns() != 0 && job.packets_since_ns() <= job.rows_since_ns();
    if (!asks_for_packets(outcome) || same) return rows.empty() ? "" : " (" + rows + ")";
    const std::string packets = job.packets_since_ns() == 0
                                    ? "without the packets themselves"
                                    : "the packets themselves since " + moment_text(job.packets_since_ns());
    return " (" + (rows.empty() ? packets : rows + ", " + packets) + ")";
}

std::uint64_t found_in(const SearchOutcome& outcome, std::uint64_t job) {
    const auto found = outcome.found.find(job);
    return found == outcome.found.end() ? 0 : found->second;
}

// "10 in job night (kept since …), 2 in job lab and 3 more jobs"; those with most rows come first.
std::string list_of_jobs(const SearchOutcome& outcome, bool with_numbers) {
    std::multimap<std::uint64_t, const wire::KeptJobName*, std::greater<>> jobs;  // by what was found
    for (const wire::KeptJobName& job : outcome.scope.job()) jobs.emplace(found_in(outcome, job.id()), &job);
    std::string list;
    std::size_t shown = 0;
    for (const auto& [found, job] : jobs) {
        if (shown++ == kJobsShown) break;
        list += list.empty() ? "" : ", ";
        if (with_numbers) list += std::to_string(found) + " in job ";
        list += name_of_job(outcome, job->id()) + kept_since(outcome, *job);
    }
    if (jobs.size() > kJobsShown)
        list += " and " + amount_of(jobs.size() - kJobsShown, "more job", "more jobs");
    return list;
}

std::string where_searched(const SearchOutcome& outcome) {
    const auto& jobs = outcome.scope.job();
    if (jobs.empty()) return ", because nothing that you may search is kept of that time";
    if (jobs.size() == 1) return " in job " + list_of_jobs(outcome, false);
    if (all_found(outcome) != 0) return ": " + list_of_jobs(outcome, true);
    return " in " + std::to_string(jobs.size()) + " jobs: " + list_of_jobs(outcome, false);
}

std::string found_line(const SearchOutcome& outcome) {
    const std::uint64_t found = all_found(outcome);
    const wire::Question& question = outcome.question;
    std::string text =
        found == 0 ? nothing_found(outcome) : rows_text(outcome, found) + were(found) + " found";
    if (!outcome.complete) text += " so far";
    text += where_searched(outcome);
    if (outcome.context != 0)
        text += ", and " + rows_text(outcome, outcome.context) + " near " + (found == 1 ? "it" : "them");
    if (!outcome.complete) return text + "; the answer is not complete, because the search ended early";
    const std::uint64_t most = question.last() != 0 ? question.last() : question.count();
    if (most == 0 || found < most) return text;
    return text + "; there may be more, because " + (question.last() != 0 ? "--last" : "-c") +
           " limits their number";
}

std::string saved_line(const SearchOutcome& outcome) {
    if (!outcome.counts)
        return "the packets that had been found until then were saved to " + outcome.output_name +
               ", perhaps not all of them";
    const wire::SearchCounts& counts = *outcome.counts;
    std::string text = packets_were(counts.packets_saved()) + " saved to " + outcome.output_name;
    if (counts.packets_not_stored() != 0)
        text +=
            "; " + packets_were(counts.packets_not_stored()) + " not saved, because only the rows are kept";
    if (counts.packets_unreadable() != 0)
        text += "; " + packets_were(counts.packets_unreadable()) +
                " not saved, because the spool is damaged there";
    return text;
}

// "from … to …", "up to …"
std::string span_text(std::int64_t from_ns, std::int64_t to_ns) {
    const bool begins = from_ns != 0 && from_ns != kFromTheBeginning;
    const bool ends = to_ns != 0 && to_ns != kToTheEnd;
    if (begins && ends) return "from " + fixed_time(from_ns) + " to " + fixed_time(to_ns);
    if (begins) return "from " + fixed_time(from_ns) + " on";
    return ends ? "up to " + fixed_time(to_ns) : "at any time";
}

std::string removed_line(const SearchOutcome& outcome, const wire::RemovedTime& removed) {
    const std::string job = "job " + name_of_job(outcome, removed.job()) + " recorded " +
                            span_text(removed.from_ns(), removed.to_ns());
    return removed.packets_alone() ? "the packets that " + job + " are no longer kept, only their rows"
                                   : "what " + job + " is no longer kept";
}

void add_removed(const SearchOutcome& outcome, std::vector<std::string>& lines) {
    int times = 0;
    for (const wire::RemovedTime& removed : outcome.scope.removed()) {
        if (removed.packets_alone() && !asks_for_packets(outcome)) continue;
        if (times++ < kTimesShown) lines.push_back(removed_line(outcome, removed));
    }
    if (times > kTimesShown)
        lines.push_back("there are " + std::to_string(times - kTimesShown) +
                        " more times of which something is no longer kept");
}

std::string withheld_line(std::uint64_t segments) {
    return amount_of(segments, "segment of the spool was", "segments of the spool were") +
           " not searched, because you may not see what was recorded for other users, or under looser terms "
           "than yours";
}

// "40 rows from number 101 on (from … to …)"
std::string unreadable_rows(const wire::SearchNote& note) {
    std::string rows = "a part";
    if (note.rows() != 0) rows = amount_of(note.rows(), "row", "rows");
    if (note.rows() != 0 && note.first_number() != 0)
        rows += " from number " + std::to_string(note.first_number()) + " on";
    if (note.from_ns() == 0 && note.to_ns() == 0) return rows;
    return rows + " (" + span_text(note.from_ns(), note.to_ns()) + ")";
}

std::string unreadable_line(const SearchOutcome& outcome, const wire::SearchNote& note) {
    std::string where = note.job() == 0 ? "the spool" : "job " + name_of_job(outcome, note.job());
    if (note.segment() != 0) where += ", segment " + std::to_string(note.segment());
    return "cannot read " + unreadable_rows(note) + " of " + where +
           (note.text().empty() ? "" : ": " + note.text());
}

std::string seconds_text(double seconds) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.3f s", seconds);
    return text.data();
}

std::string order_text(const wire::Question& question) {
    if (question.last() != 0)
        return ", the newest " + std::to_string(question.last()) + ", the oldest of them first";
    return question.order() == wire::SEARCH_NEWEST_FIRST ? ", the newest first" : ", the oldest first";
}

std::string asked_text(const wire::Question& question) {
    const bool everything = question.since_ns() == kFromTheBeginning && question.until_ns() == kToTheEnd;
    return (everything ? "all that is kept" : span_text(question.since_ns(), question.until_ns())) +
           order_text(question);
}

void add_counts(Facts& facts, const SearchOutcome& outcome) {
    const wire::SearchCounts& counts = *outcome.counts;
    facts.emplace_back("Segments", std::to_string(counts.segments()) + ", of which " +
                                       std::to_string(counts.index_used()) + " were asked by their index");
    facts.emplace_back("Blocks", std::to_string(counts.blocks()) + ", of which " +
                                     std::to_string(counts.blocks_read()) + " were read");
    facts.emplace_back("Rows", std::to_string(counts.rows_read()) + " were read, and " +
                                   std::to_string(counts.rows_found()) + " match the question");
    if (outcome.question.context_ns() != 0)
        facts.emplace_back("Context", std::to_string(counts.rows_context()) + " further rows are near these");
}

}  // namespace

std::uint64_t all_found(const SearchOutcome& outcome) {
    std::uint64_t all = 0;
    for (const auto& [job, rows] : outcome.found) all += rows;
    return all;
}

std::vector<std::string> outcome_lines(const SearchOutcome& outcome) {
    std::vector<std::string> lines;
    add_removed(outcome, lines);
    if (outcome.scope.withheld() != 0) lines.push_back(withheld_line(outcome.scope.withheld()));
    if (outcome.without_bytes != 0)
        lines.push_back("the bytes of " + amount_of(outcome.without_bytes, "packet", "packets") +
                        " did not come with the answer, so they are not shown");
    if (outcome.not_shown != 0)
        lines.push_back(rows_text(outcome, outcome.not_shown) + were(outcome.not_shown) +
                        " not shown, because the terminal accepted no more");
    if (!outcome.output_name.empty()) lines.push_back(saved_line(outcome));
    lines.push_back(found_line(outcome));
    return lines;
}

std::vector<std::string> unreadable_lines(const SearchOutcome& outcome) {
    std::vector<std::string> lines;
    for (const wire::SearchNote& note : outcome.notes) lines.push_back(unreadable_line(outcome, note));
    const std::uint64_t told = outcome.notes.size();
    const std::uint64_t counted = outcome.counts ? outcome.counts->unreadable() : 0;
    const std::uint64_t all = std::max(counted, told + outcome.more_notes);
    if (all > told)
        lines.push_back("cannot read " + amount_of(all - told, "further part", "further parts") +
                        " of the spool");
    return lines;
}

std::string search_facts(const SearchOutcome& outcome) {
    Facts facts = {{"Asked for", asked_text(outcome.question)},
                   {"Kept", amount_of(outcome.scope.segments(), "segment", "segments") + " with " +
                                bytes_text(outcome.scope.bytes()) + " of rows"}};
    if (outcome.counts) add_counts(facts, outcome);
    facts.emplace_back("Duration", seconds_text(outcome.seconds));
    if (outcome.first_seconds)
        facts.emplace_back("First row", "after " + seconds_text(*outcome.first_seconds));
    return facts_text(facts);
}

}  // namespace packetsentry::ctl::render
