#include "daemon/jobs/registry.h"

#include <algorithm>
#include <ranges>

#include "daemon/jobs/job_state.h"
#include "proto/words/job_name.h"

namespace packetsentry::jobs {
namespace {

using base::ErrorCode;
using JobPtr = Registry::JobPtr;

bool is_live(const JobPtr& job) {
    return !is_over(job->state());
}

std::string in_quotes(std::string_view text) {
    return "'" + std::string(text.substr(0, 80)) + "'";
}

// By its label, or its id where the label is that of another one too.
std::string told_among(const std::vector<JobPtr>& jobs, const JobPtr& job) {
    const std::string label = job->label();
    const auto same = std::ranges::count(jobs, label, [](const JobPtr& one) { return one->label(); });
    return same == 1 ? label : std::to_string(job->id());
}

// "dns-1, dns-2 or 17"
std::string choice(const std::vector<JobPtr>& jobs) {
    constexpr std::size_t kShown = 8;
    std::string text;
    for (std::size_t i = 0; i < std::min(jobs.size(), kShown); ++i) {
        const bool last = i + 1 == jobs.size();
        text += (i == 0 ? "" : last ? " or " : ", ") + told_among(jobs, jobs[i]);
    }
    return jobs.size() > kShown ? text + ", …" : text;
}

bool begins_so(const Job& job, std::string_view text) {
    return job.order().name.starts_with(text) || std::to_string(job.id()).starts_with(text);
}

// Exactly that: of a name, the asker's own before others', live ones before finished ones, the newest.
// Several: live ones of others, which only an id tells apart.
std::vector<JobPtr> exact(const std::vector<JobPtr>& jobs, std::string_view text, uid_t asker) {
    const auto rank = [asker](const JobPtr& job) {
        return std::pair(job->order().owner == asker, is_live(job));
    };
    std::vector<JobPtr> found;
    for (const JobPtr& job : jobs) {
        if (std::to_string(job->id()) == text) return {job};
        if (job->order().name != text || text.empty()) continue;
        if (!found.empty() && rank(job) < rank(found.front())) continue;
        if (!found.empty() && (rank(job) > rank(found.front()) || !is_live(job))) found.clear();
        found.push_back(job);
    }
    return found;
}

}  // namespace

base::Result<JobPtr> Registry::add(Order order, Moment now) {
    trim(now);
    if (auto checked = check(order); !checked) return std::unexpected(checked.error());
    auto job = std::make_shared<Job>(ids_.take(), std::move(order), limits_.window_bytes, now);
    jobs_.emplace(job->id(), job);
    return job;
}

JobPtr Registry::resume(const wire::StoredJob& stored, Moment now) {
    Order order{.capture = stored.capture(),
                .name = stored.name(),
                .output_name = stored.output_name(),
                .owner = stored.owner_uid(),
                .owner_groups = {stored.owner_group().begin(), stored.owner_group().end()},
                .wait = stored.wait()};
    if (stored.has_keep()) order.keep = stored.keep();
    if (stored.has_standing()) order.standing = stored.standing();
    const std::int64_t age_ns = std::max<std::int64_t>(0, now.wall_ns - stored.started_ns());
    const Moment started{stored.started_ns(), now.steady - std::chrono::nanoseconds(age_ns)};
    auto job = std::make_shared<Job>(std::move(order), limits_.window_bytes, started, stored);
    job->expire_at(stored.expires_ns(), now);
    ids_.pass(stored.id());
    jobs_.insert_or_assign(stored.id(), job);
    return job;
}

base::Result<void> Registry::check(const Order& order) const {
    if (!order.name.empty()) {
        if (auto checked = proto::check_job_name(order.name); !checked) return checked;
    }
    for (const JobPtr& job : jobs_ | std::views::values | std::views::filter(is_live))
        if (!order.name.empty() && job->order().name == order.name && job->order().owner == order.owner)
            return base::fail(ErrorCode::usage, "the name " + in_quotes(order.name) +
                                                    " is taken by a running job of yours; choose another");
    // The limits are for users, and the files are root's.
    if (order.standing) return {};
    return room_for(order.payer.value_or(order.owner), order.verdict.terms.jobs);
}

base::Result<void> Registry::room_for(uid_t payer, std::uint32_t by_policy) const {
    const auto of_owner = std::ranges::count_if(jobs_ | std::views::values | std::views::filter(is_live),
                                                [&](const JobPtr& job) { return job->payer() == payer; });
    if (of_owner >= (by_policy != 0 ? by_policy : limits_.live_per_user))
        return base::fail(ErrorCode::usage, "you have " + std::to_string(of_owner) +
                                                " jobs running, which is the limit; stop one with "
                                                "'packetsentryctl stop JOB'");
    if (live() >= limits_.live)
        return base::fail(ErrorCode::usage,
                          "there are " + std::to_string(limits_.live) +
                              " jobs running, which is the limit of this machine; try again "
                              "when one has ended");
    return {};
}

base::Result<JobPtr> Registry::find(std::string_view text, const Visible& visible, uid_t asker) const {
    const std::vector<JobPtr> jobs = all(visible);
    std::vector<JobPtr> candidates = exact(jobs, text, asker);
    if (candidates.empty())
        std::ranges::copy_if(jobs, std::back_inserter(candidates),
                             [&](const JobPtr& job) { return !text.empty() && begins_so(*job, text); });
    if (candidates.size() == 1) return candidates.front();
    if (candidates.empty())
        return base::fail(ErrorCode::no_such_job, "no such job: " + in_quotes(text) +
                                                      "; 'packetsentryctl list' shows the existing jobs");
    return base::fail(ErrorCode::no_such_job, in_quotes(text) + " could be " + choice(candidates));
}

std::vector<JobPtr> Registry::all(const Visible& visible) const {
    std::vector<JobPtr> jobs;
    for (const JobPtr& job : jobs_ | std::views::values)
        if (visible(*job)) jobs.push_back(job);
    return jobs;
}

std::uint32_t Registry::live() const {
    return static_cast<std::uint32_t>(std::ranges::count_if(jobs_ | std::views::values, is_live));
}

std::uint32_t Registry::finished() const {
    return static_cast<std::uint32_t>(jobs_.size()) - live();
}

std::uint64_t Registry::kept_bytes() const {
    std::uint64_t bytes = 0;
    for (const JobPtr& job : jobs_ | std::views::values) bytes += job->windows().bytes();
    return bytes;
}

void Registry::trim(Moment now) {
    const auto too_old = [&](const Job& job) { return now.steady - job.ended_at() > limits_.finished_for; };
    while (const JobPtr job = oldest_finished(too_old)) drop(job);

    while (finished() > limits_.finished) {
        const uid_t owner = owner_of_most([](const Job& job) { return is_over(job.state()) ? 1U : 0U; });
        drop(oldest_finished([&](const Job& job) { return job.payer() == owner; }));
    }
    while (kept_bytes() > limits_.kept_bytes)
        take_bytes_of(owner_of_most([](const Job& job) { return job.windows().bytes(); }));
}

void Registry::take_bytes_of(uid_t owner) {
    const auto has_some = [&](const Job& job) { return job.payer() == owner && job.windows().bytes() != 0; };
    if (const JobPtr job = oldest_finished(has_some)) return drop(job);
    const std::vector<JobPtr> live = all(has_some);
    const auto bytes = [](const JobPtr& job) { return job->windows().bytes(); };
    (*std::ranges::max_element(live, {}, bytes))->windows().evict_oldest();
}

uid_t Registry::owner_of_most(const Amount& amount) const {
    std::map<uid_t, std::uint64_t> held;
    for (const JobPtr& job : jobs_ | std::views::values) held[job->payer()] += amount(*job);
    const auto most = std::ranges::max_element(held, {}, [](const auto& one) { return one.second; });
    return most->first;
}

JobPtr Registry::oldest_finished(const Visible& among) const {
    JobPtr oldest;
    for (const JobPtr& job : jobs_ | std::views::values)
        if (!is_live(job) && among(*job) && (!oldest || job->ended_at() < oldest->ended_at())) oldest = job;
    return oldest;
}

// A follower may hold the job for as long as it likes, so the rows go now; the follower finds a gap.
void Registry::drop(const JobPtr& job) {
    job->windows().clear();
    jobs_.erase(job->id());
}

}  // namespace packetsentry::jobs
