#include "ctl/options/completion_values.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <ranges>

#include "ctl/options/end_conditions.h"
#include "ctl/options/field_setting.h"
#include "ctl/options/file_limits.h"
#include "ctl/options/keep_option.h"
#include "ctl/options/redact_words.h"
#include "ctl/render/escape.h"
#include "ctl/render/formats.h"
#include "ctl/render/interface_text.h"
#include "ctl/render/job_text.h"
#include "ctl/render/packet_time.h"
#include "proto/query/query.h"
#include "proto/query/reference.h"
#include "proto/rows/fields.h"
#include "proto/words/filter.h"
#include "proto/words/state_names.h"
#include "proto/words/table_names.h"

namespace packetsentry::ctl {
namespace {

constexpr std::string_view kMarksTaken = "_-.:@%+,/=";
// To these a job that has ended is of no use.
constexpr std::array<std::string_view, 4> kForLiveJobs = {"stop", "follow", "filter", "renew"};

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool may_be_taken(char c) {
    return is_letter_or_digit(c) || kMarksTaken.contains(c) || static_cast<unsigned char>(c) >= 0x80;
}

bool can_be_typed(std::string_view text) {
    return !text.empty() && !kMarksTaken.substr(1).contains(text.front()) &&
           std::ranges::all_of(text, may_be_taken) && render::escaped(text) == text;
}

bool has_ended(const wire::Job& job) {
    return job.state() == wire::JOB_FINISHED || job.state() == wire::JOB_FAILED;
}

// By its name; by its id where it has none, or where a number has been begun.
std::string name_of(const wire::Job& job, const std::string& begun) {
    const bool by_id = job.name().empty() || (!begun.empty() && begun.front() >= '0' &&
                                              begun.front() <= '9' && !job.name().starts_with(begun));
    return by_id ? std::to_string(job.id()) : job.name();
}

std::vector<Candidate> jobs(const ValuePlace& place, const Ask& ask) {
    wire::Request request;
    request.mutable_list();
    const auto reply = ask(place.socket, std::move(request));
    if (!reply) return {};
    const bool only_live = std::ranges::find(kForLiveJobs, place.command) != kForLiveJobs.end();
    std::vector<Candidate> candidates;
    // The newest first: of two of a name it is the one meant.
    for (const wire::Job& job : reply->jobs().job() | std::views::reverse) {
        if (only_live && has_ended(job)) continue;
        candidates.push_back({name_of(job, place.begun), std::string(proto::state_name(job.state())) + ", " +
                                                             render::interface_names(job.capture()) + ", " +
                                                             render::filter_name(job)});
    }
    return candidates;
}

std::vector<Candidate> interfaces(const ValuePlace& place, const Ask& ask) {
    wire::Request request;
    request.mutable_interfaces();
    const auto reply = ask(place.socket, std::move(request));
    if (!reply) return {};
    std::vector<Candidate> candidates;
    for (const wire::InterfaceInfo& interface : reply->interfaces().interface()) {
        std::string about = render::interface_state(interface);
        for (const std::string& detail : {interface.link(), interface.description()})
            if (!detail.empty()) about += ", " + detail;
        candidates.push_back({interface.name(), std::move(about)});
    }
    return candidates;
}

std::vector<Candidate> protocols(const ValuePlace&, const Ask&) {
    std::vector<Candidate> candidates;
    for (const proto::FilterWord& word : proto::filter_words())
        candidates.push_back({std::string(word.name), std::string(word.meaning)});
    return candidates;
}

std::vector<Candidate> time_formats(const ValuePlace&, const Ask&) {
    std::vector<Candidate> candidates;
    for (const render::TimeFormatName& format : render::time_formats())
        candidates.push_back({std::string(format.name), std::string(format.meaning)});
    return candidates;
}

std::vector<Candidate> past_times(const ValuePlace&, const Ask&) {
    return {{"10m", "ten minutes ago"},
            {"1h", "an hour ago"},
            {"1d", "24 hours ago"},
            {"today", "the last midnight"},
            {"yesterday", "the midnight before"},
            {"now", "the present moment"}};
}

std::vector<Candidate> conditions(const ValuePlace&, const Ask&) {
    std::vector<Candidate> candidates;
    for (const ConditionName& condition : condition_names())
        candidates.push_back({std::string(condition.word) + ":", std::string(condition.meaning)});
    return candidates;
}

std::vector<Candidate> file_limits(const ValuePlace&, const Ask&) {
    std::vector<Candidate> candidates;
    for (const ConditionName& limit : file_limit_names())
        candidates.push_back({std::string(limit.word) + ":", std::string(limit.meaning)});
    return candidates;
}

std::vector<Candidate> check_word(const ValuePlace& place, const Ask&) {
    const bool of_files = place.command == "job";
    return {{"check", of_files ? "tell whether files are right" : "tell what the policy says"}};
}

std::vector<Candidate> requests(const ValuePlace&, const Ask&) {
    return {{"start", "a capture"},
            {"show", "a job"},
            {"follow", "its packets as they come"},
            {"results", "its packets that are still kept"},
            {"stop", "a running job"},
            {"filter", "give it another filter"},
            {"renew", "extend its life"}};
}

std::vector<Candidate> redactions(const ValuePlace&, const Ask&) {
    std::vector<Candidate> candidates;
    for (const RedactionName& redaction : redaction_names())
        candidates.push_back({std::string(redaction.word), std::string(redaction.meaning)});
    return candidates;
}

std::vector<Candidate> kept_parts(const ValuePlace&, const Ask&) {
    std::vector<Candidate> candidates;
    for (const KeepName& name : keep_names())
        candidates.push_back({std::string(name.word), std::string(name.meaning)});
    return candidates;
}

std::vector<Candidate> commands(const ValuePlace& place, const Ask&) {
    return list_commands(place.app);
}

std::vector<Candidate> fields(const ValuePlace&, const Ask&) {
    std::vector<Candidate> candidates;
    for (const rows::FieldInfo& info : rows::kFields)
        candidates.push_back({std::string(info.path), std::string(info.meaning)});
    return candidates;
}

// What an expression may begin with.
std::vector<Candidate> asked_names(const ValuePlace&, const Ask&) {
    std::vector<Candidate> candidates;
    for (const std::string_view name : query::all_names())
        candidates.push_back({std::string(name), query::meaning_of(name)});
    return candidates;
}

// What -e takes.
std::vector<Candidate> read_names(const ValuePlace&, const Ask&) {
    std::vector<Candidate> candidates;
    for (const std::string_view name : query::names_to_read())
        candidates.push_back({std::string(name), query::meaning_of(name)});
    return candidates;
}

std::vector<Candidate> formats(const ValuePlace&, const Ask&) {
    std::vector<Candidate> candidates;
    for (const render::Format& format : render::kFormats)
        candidates.push_back({std::string(format.name), std::string(format.meaning)});
    return candidates;
}

std::vector<Candidate> tables(const ValuePlace&, const Ask&) {
    std::vector<Candidate> candidates;
    for (const proto::TableName& table : proto::kTableNames)
        candidates.push_back({std::string(table.name), "A row for each " + std::string(table.one)});
    return candidates;
}

std::vector<Candidate> field_settings(const ValuePlace&, const Ask&) {
    std::vector<Candidate> candidates;
    for (const FieldSettingName& setting : field_setting_names())
        candidates.push_back({std::string(setting.text), std::string(setting.meaning)});
    return candidates;
}

constexpr std::array kKinds = {
    ValueKind{"CHECK", PathKind::none, check_word},
    ValueKind{"REQUEST", PathKind::none, requests},
    ValueKind{"INTERFACE", PathKind::none, interfaces},
    ValueKind{"JOB", PathKind::none, jobs},
    ValueKind{"PROTOCOL", PathKind::none, protocols},
    ValueKind{"TIMES", PathKind::none, time_formats},
    ValueKind{"TIME", PathKind::none, past_times},
    ValueKind{"CONDITION", PathKind::none, conditions},
    ValueKind{"LIMIT", PathKind::none, file_limits},
    ValueKind{"FILE", PathKind::files, nullptr},
    ValueKind{"PATH", PathKind::files, nullptr},
    ValueKind{"DIR", PathKind::directories, nullptr},
    ValueKind{"ADDRESS", PathKind::none, nullptr},
    ValueKind{"PORT", PathKind::none, nullptr},
    ValueKind{"EXPR", PathKind::none, nullptr},
    ValueKind{"ID", PathKind::none, nullptr},
    ValueKind{"N", PathKind::none, nullptr},
    ValueKind{"BYTES", PathKind::none, nullptr},
    ValueKind{"NAME", PathKind::none, nullptr},
    ValueKind{"WHAT", PathKind::none, redactions},
    ValueKind{"KEPT", PathKind::none, kept_parts},
    ValueKind{"COMMAND", PathKind::none, commands},
    ValueKind{"WORD", PathKind::none, fields},
    ValueKind{"FILTER", PathKind::none, asked_names},
    ValueKind{"FORMAT", PathKind::none, formats},
    ValueKind{"TABLE", PathKind::none, tables},
    ValueKind{"FIELD", PathKind::none, read_names},
    ValueKind{"OPTION=VALUE", PathKind::none, field_settings},
};

}  // namespace

std::optional<ValueKind> find_value_kind(std::string_view type) {
    const auto* found = std::ranges::find(kKinds, type, &ValueKind::type);
    if (found == kKinds.end()) return std::nullopt;
    return *found;
}

std::vector<Candidate> list_commands(const CLI::App& app) {
    std::vector<Candidate> candidates;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        candidates.push_back({command->get_name(), command->get_description()});
    return candidates;
}

std::vector<Candidate> list_values(const ValueKind& kind, const ValuePlace& place, const Ask& ask) {
    if (kind.list == nullptr) return {};
    auto candidates = kind.list(place, ask);
    std::erase_if(candidates, [](const Candidate& one) { return !can_be_typed(one.text); });
    return candidates;
}

}  // namespace packetsentry::ctl
