#include "daemon/jobs/job.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/jobs/job_state.h"
#include "daemon/jobs/terms.h"
#include "daemon/jobs/user_keep.h"
#include "proto/link/deadline.h"
#include "proto/link/peer_error.h"
#include "proto/words/table_names.h"

namespace packetsentry::jobs {

static_assert(stream::kTables.size() == proto::kTableNames.size());
namespace {

// Returns what is left of a limit. That is never 0, because 0 would mean that there is no limit.
std::uint64_t left(std::uint64_t limit, std::uint64_t used) {
    if (limit == 0) return 0;
    return limit > used ? limit - used : 1;
}

// Returns the moment after this duration; nothing where it is later than a clock can count, which means
// never.
std::optional<Moment> after(Moment now, std::uint64_t duration_ns) {
    const auto steady = proto::deadline_after(now.steady, duration_ns);
    std::int64_t wall_ns = 0;
    if (!steady || __builtin_add_overflow(now.wall_ns, duration_ns, &wall_ns)) return std::nullopt;
    return Moment{wall_ns, *steady};
}

void add_rows_of_tables(const stream::Windows& windows, wire::Job& job) {
    for (const wire::Table table : stream::kTables) {
        const stream::Window& window = windows.of(table);
        if (window.rows() == 0) continue;
        wire::TableRows& rows = *job.add_rows();
        rows.set_table(table);
        rows.set_kept(window.kept());
        rows.set_evicted(window.evicted());
    }
}

}  // namespace

Job::Job(std::uint64_t id, Order order, std::uint64_t window_bytes, Moment now)
    : id_(id),
      order_(std::move(order)),
      terms_(first_terms(order_.verdict.terms, order_.capture)),
      started_(now),
      windows_(window_bytes),
      counts_(now) {
    take(policy::Verdict(order_.verdict), now);
}

Job::Job(Order order, std::uint64_t window_bytes, Moment started, const wire::StoredJob& before)
    : id_(before.id()),
      order_(std::move(order)),
      terms_(before.terms()),
      resumed_(true),
      saving_end_(before.has_saving_end() ? std::optional(before.saving_end()) : std::nullopt),
      started_(started),
      windows_(window_bytes),
      run_(before.run()),
      counts_(started, before, !saving_end_),
      bound_({before.interface_index().begin(), before.interface_index().end()}) {
    for (const wire::StoredRows& stored : before.rows()) windows_.begin_after(stored.table(), stored.rows());
    if (before.has_output_bytes()) output_cut_ = static_cast<off_t>(before.output_bytes());
}

std::string Job::label() const {
    return order_.name.empty() ? std::to_string(id_) : order_.name;
}

bool Job::enter(wire::JobState state) {
    if (!may_follow(state_, state)) return false;
    state_ = state;
    changed_.notify();
    return true;
}

bool Job::enter_running() {
    const bool whole = interfaces_down_.empty() && interfaces_gone_.empty();
    return enter(whole ? wire::JOB_RUNNING : wire::JOB_DEGRADED);
}

void Job::forget_interfaces() {
    interfaces_down_.clear();
    interfaces_gone_.clear();
}

void Job::append(const proto::NewRows& rows, std::string batch, const wire::Ledger& ledger, Moment now) {
    counts_.count(ledger, now);
    windows_.append(rows.table, run_, std::move(batch), rows.rows, rows.first_time_ns, rows.last_time_ns);
    changed_.notify();
}

void Job::report(const wire::Ledger& ledger, Moment now) {
    counts_.report(ledger, now);
}

void Job::fold_ledger(Moment now) {
    if (order_.capture.save().format() != wire::SAVE_NONE) counts_.give_up_unsaved();
    counts_.fold(!saving_ended(), now);
    if (saves_to_several_files()) counts_.end_file();
}

void Job::end_loss(wire::Loss::Cause cause, Moment now) {
    counts_.end_loss(cause, now);
    changed_.notify();
}

bool Job::look_at_interfaces(const InterfaceTable& table) {
    const bool renamed = bound_.look(table, *order_.capture.mutable_interface());
    if (renamed) changed_.notify();
    return renamed;
}

void Job::count_interfaces(const InterfaceTable& table) {
    const auto& names = order_.capture.interface();
    counts_.count_interfaces(table, std::vector<std::string>(names.begin(), names.end()));
}

void Job::note(const wire::Notice& notice, Moment now) {
    notices_.push_back({notice, now.wall_ns});
    ++notice_count_;
    if (notices_.size() > kNoticesKept) notices_.pop_front();
    mark_interface(notice, now);
    changed_.notify();
}

void Job::note(std::string text, Moment now) {
    wire::Notice notice;
    notice.set_text(std::move(text));
    note(notice, now);
}

// What a worker may call an interface is bounded: the names it was given.
void Job::mark_interface(const wire::Notice& notice, Moment now) {
    const auto& names = order_.capture.interface();
    const auto number = static_cast<int>(std::ranges::find(names, notice.interface()) - names.begin());
    if (number == names.size()) return;
    if (notice.kind() == wire::Notice::INTERFACE_DOWN) {
        interfaces_down_.insert(number);
        begin_loss(wire::Loss::INTERFACE_DOWN, now);
    }
    if (notice.kind() == wire::Notice::INTERFACE_GONE) {
        interfaces_gone_.insert(number);
        interfaces_down_.erase(number);
        begin_loss(wire::Loss::INTERFACE_GONE, now);
    }
    if (notice.kind() == wire::Notice::INTERFACE_UP) interfaces_down_.erase(number);
    if (interfaces_down_.empty()) end_loss(wire::Loss::INTERFACE_DOWN, now);
    if (state_ == wire::JOB_RUNNING || state_ == wire::JOB_DEGRADED) enter_running();
}

void Job::take(const policy::Verdict& verdict, Moment now) {
    ++verdicts_taken_;
    order_.verdict = verdict;
    const policy::Terms terms_before = terms_of(order_.capture, terms_);
    apply(verdict.terms, terms_);
    if (!policy::show_no_more(terms_before, terms_of(order_.capture, terms_)))
        for (const wire::Table table : stream::kTables)
            first_under_terms_[static_cast<std::size_t>(table)] = window(table).next_sequence();
    const auto before = std::exchange(expires_, std::nullopt);
    renew(verdict.terms.lifetime, now);
    if (expires_ && before && before->steady < expires_->steady) expires_ = before;
}

void Job::renew(std::chrono::nanoseconds lifetime, Moment now) {
    expires_.reset();
    if (lifetime.count() > 0) expires_ = after(now, static_cast<std::uint64_t>(lifetime.count()));
}

void Job::expire_at(std::int64_t wall_ns, Moment now) {
    if (wall_ns == 0) return;
    // Unsigned, as the difference of two times may have more than 63 bits.
    const auto left_ns = static_cast<std::uint64_t>(wall_ns) - static_cast<std::uint64_t>(now.wall_ns);
    expires_ = wall_ns <= now.wall_ns ? Moment{wall_ns, now.steady} : after(now, left_ns);
}

void Job::end_saving(std::string reason, std::int64_t at_ns) {
    if (saving_end_) return;
    saving_end_.emplace();
    saving_end_->set_at_ns(at_ns);
    saving_end_->set_reason(std::move(reason));
    const bool has_worker = state_ != wire::JOB_STARTING && state_ != wire::JOB_WAITING;
    counts_.set_saves(has_worker);
    order_.capture.clear_save();
}

wire::KeptJob Job::kept() const {
    wire::KeptJob kept;
    *kept.mutable_terms() = terms_;
    kept.set_name(order_.name);
    *kept.mutable_keep() = limited(*order_.keep, terms_);
    if (order_.standing) *kept.mutable_standing() = *order_.standing;
    *kept.mutable_interface() = order_.capture.interface();
    kept.set_snapshot_length(order_.capture.snapshot_length());
    // It is written for each segment, so it has nothing that a client has invented.
    kept.DiscardUnknownFields();
    return kept;
}

bool Job::change_keeping(const wire::Keep& keep, const wire::Standing& standing) {
    const auto same = [](const auto& one, const auto& other) {
        return one.SerializeAsString() == other.SerializeAsString();
    };
    if ((!order_.keep || same(*order_.keep, keep)) && order_.standing && same(*order_.standing, standing))
        return false;
    if (order_.keep) order_.keep = keep;
    order_.standing = standing;
    return true;
}

void Job::change_filter(const wire::Filter& filter) {
    *order_.capture.mutable_filter() = filter;
}

void Job::set_filter_text(std::string text) {
    filter_text_ = std::move(text);
}

void Job::ends_by(Ending ending) {
    if (!ending_) ending_ = std::move(ending);
}

// Tells which limit ended the job. Packets are counted exactly, and a file ends with the packet that fills
// it; where neither limit is reached, it was the time.
std::string Job::limit_reached() const {
    const wire::Until until = this->until();
    if (until.packets() != 0 && ledger().recorded() >= until.packets())
        return "it reached its limit of " + std::to_string(until.packets()) + " packets";
    if (until.file_bytes() != 0 && ledger().saved_bytes() >= until.file_bytes())
        return "its file reached its limit of " + std::to_string(until.file_bytes()) + " bytes";
    return "it reached its time limit";
}

void Job::finish(wire::EndReason reason, Moment now) {
    end_reason_ = reason;
    if (reason == wire::END_CONDITION) ending_ = Ending{.because = limit_reached()};
    end(wire::JOB_FINISHED, now);
}

void Job::fail(base::Error error, Moment now) {
    end_reason_ = wire::END_FAILED;
    error_ = std::move(error);
    end(wire::JOB_FAILED, now);
}

void Job::end(wire::JobState state, Moment now) {
    ended_ = now;
    counts_.end_losses(now);
    enter(state);
}

wire::Until Job::until() const {
    wire::Until until = order_.capture.until();
    const std::uint64_t limit = terms_.file_bytes();
    if (limit != 0 && (until.file_bytes() == 0 || limit < until.file_bytes())) until.set_file_bytes(limit);
    return until;
}

wire::Until Job::remaining(Moment now) const {
    const wire::Until until = this->until();
    // Unsigned, as above. A job that is to have started later has used up nothing.
    const auto now_ns = static_cast<std::uint64_t>(now.steady.time_since_epoch().count());
    const auto started_ns = static_cast<std::uint64_t>(started_.steady.time_since_epoch().count());
    const std::uint64_t elapsed = now.steady > started_.steady ? now_ns - started_ns : 0;
    wire::Until rest;
    rest.set_packets(left(until.packets(), ledger().recorded()));
    rest.set_duration_ns(left(until.duration_ns(), elapsed));
    rest.set_file_bytes(left(until.file_bytes(), ledger().saved_bytes()));
    return rest;
}

void Job::describe_end(wire::Job& job) const {
    job.set_ended_ns(ended_.wall_ns);
    job.set_end_reason(end_reason_);
    if (state_ == wire::JOB_FAILED) *job.mutable_error() = proto::to_wire(error_);
    if (!ending_ || !is_over(state_)) return;
    if (ending_->by) job.set_ended_by(*ending_->by);
    job.set_ended_because(ending_->because);
}

wire::Job Job::describe(Moment now) const {
    wire::Job job;
    job.set_id(id_);
    job.set_name(order_.name);
    job.set_state(state_);
    job.set_owner_uid(order_.owner);
    *job.mutable_capture() = order_.capture;
    *job.mutable_terms() = terms_;
    job.set_run(run_);
    job.set_filter_text(filter_text_);
    job.set_output_name(order_.output_name);
    job.set_foreground(order_.foreground);
    job.set_started_ns(started_.wall_ns);
    describe_end(job);
    if (saving_end_) *job.mutable_saving_end() = *saving_end_;
    const bool live = !is_over(state_);
    counts_.describe(job, live, now);
    add_rows_of_tables(windows_, job);
    job.set_kept_bytes(windows_.bytes());
    job.set_followers(followers_);
    if (live) job.set_expires_ns(expires_ns());
    if (order_.verdict.by_rule) job.set_rule(order_.verdict.rule);
    for (const Noted& noted : notices_) {
        job.add_notice(noted.notice.text());
        job.add_notice_ns(noted.at_ns);
    }
    job.set_wait(order_.wait);
    if (order_.keep) *job.mutable_keep() = *order_.keep;
    job.set_standing(order_.standing.has_value());
    return job;
}

}  // namespace packetsentry::jobs
