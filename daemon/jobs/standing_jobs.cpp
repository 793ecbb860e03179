#include "daemon/jobs/standing_jobs.h"

#include <algorithm>
#include <utility>

#include "daemon/base/clock.h"
#include "daemon/base/interface_glob.h"
#include "daemon/jobs/interface_counts.h"
#include "daemon/jobs/job_fields.h"
#include "daemon/jobs/job_state.h"
#include "daemon/log/log.h"
#include "daemon/loop/spawn.h"

namespace packetsentry::jobs {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds kToLookForInterfaces{5};
constexpr std::chrono::minutes kToTryHopeless{1};

// Names as they are, whether there is such an interface or not, and what the patterns find.
std::vector<std::string> interfaces_of(const wire::Standing& standing) {
    std::vector<std::string> names;
    const auto add = [&](const std::string& name) {
        if (names.size() < kInterfacesOfJob && !std::ranges::count(names, name)) names.push_back(name);
    };
    const InterfaceTable table = read_interface_counts();
    for (const std::string& wanted : standing.interface()) {
        if (!base::is_interface_glob(wanted)) add(wanted);
        for (const auto& [name, counts] : table)
            if (base::is_interface_glob(wanted) && base::matches_interface(wanted, name)) add(name);
    }
    return names;
}

template <typename Message>
bool same(const Message& one, const Message& other) {
    return one.SerializeAsString() == other.SerializeAsString();
}

bool same_order(const StandingOrder& one, const StandingOrder& other) {
    return one.name == other.name && same(one.capture, other.capture) && same(one.keep, other.keep) &&
           same(one.standing, other.standing);
}

// Apart from its interfaces.
bool captures_the_same(const Order& order, const StandingOrder& wanted) {
    wire::CaptureSpec capture = order.capture;
    capture.clear_interface();
    const auto& before = order.standing->interface();
    const auto& after = wanted.standing.interface();
    return same(capture, wanted.capture) && std::ranges::equal(before, after) &&
           order.keep.has_value() == wanted.keeps() &&
           (!order.keep || keeps_the_same(*order.keep, wanted.keep));
}

// Tells whether there is an interface that a pattern finds and the job does not capture.
bool misses_interface(const Job& job) {
    const auto& captured = job.capture().interface();
    const auto found = interfaces_of(*job.order().standing);
    const auto& wanted = job.order().standing->interface();
    return std::ranges::any_of(found, [&](const std::string& name) {
        return std::ranges::find(captured, name) == captured.end() &&
               std::ranges::find(wanted, name) == wanted.end();
    });
}

}  // namespace

asio::awaitable<void> StandingJobs::apply(std::vector<StandingOrder> orders, bool complete) {
    complete_ = complete;
    orders_ = std::move(orders);
    taken_ = compare_ = true;
    seen_.clear();
    told_.clear();
    hopeless_.clear();
    co_await settle();
}

bool StandingJobs::has(const std::vector<StandingOrder>& orders) const {
    return taken_ && std::ranges::equal(orders_, orders, same_order);
}

void StandingJobs::look() {
    const auto time = base::SteadyClock::now();
    if (!taken_ || settling_ || time < look_at_) return;
    look_at_ = time + kToLookForInterfaces;
    loop::spawn(executor_, settle());
}

asio::awaitable<void> StandingJobs::settle() {
    again_ = true;
    if (std::exchange(settling_, true)) co_return;
    while (std::exchange(again_, false)) {
        const bool compare = std::exchange(compare_, false);
        const auto running = live();
        for (const Registry::JobPtr& job : running)
            if (job->state() != wire::JOB_STOPPING) seen_.insert_or_assign(job->order().name, job);
        for (const Registry::JobPtr& job : running) co_await end_or_change(job, compare);
        // The orders may be replaced while one of them is started.
        for (std::size_t i = 0; i < orders_.size() && !again_ && !supervisor_.suspending(); ++i) {
            const StandingOrder order = orders_[i];
            if (is_to_start(order.name)) co_await start(order);
        }
        if (supervisor_.suspending()) again_ = false;
    }
    settling_ = false;
}

std::string StandingJobs::reason_to_end(const Registry::JobPtr& job, const StandingOrder* wanted) const {
    if (wanted == nullptr) return complete_ ? "its file was removed from the jobs directory" : "";
    if (!captures_the_same(job->order(), *wanted)) return "its file has changed";
    return find(job->order().name) != job ? "another job does what its file says" : "";
}

// compare: the files were read. Otherwise what root has changed in the job stays as it is.
asio::awaitable<void> StandingJobs::end_or_change(Registry::JobPtr job, bool compare) {
    if (supervisor_.suspending()) co_return;
    const auto found = std::ranges::find(orders_, job->order().name, &StandingOrder::name);
    const StandingOrder* const wanted = found == orders_.end() ? nullptr : &*found;
    std::string because;
    if (compare) because = reason_to_end(job, wanted);
    if (because.empty() && wanted != nullptr && misses_interface(*job))
        because = "an interface has come that its file names";
    if (because.empty()) {
        if (compare && wanted != nullptr) supervisor_.change_keeping(job, wanted->keep, wanted->standing);
        co_return;
    }
    log::tell(log::Event::job_stopped, own_fields(*job), "standing job {} (id {}) ends: {}", job->label(),
              job->id(), because);
    std::vector<Registry::JobPtr> jobs{job};
    Ending ending{.because = because};
    co_await supervisor_.stop(std::move(jobs), std::move(ending));
}

asio::awaitable<void> StandingJobs::start(StandingOrder wanted) {
    const auto names = interfaces_of(wanted.standing);
    if (names.empty()) {
        tell_once(wanted.name, "there is no interface yet that its file names");
        co_return;
    }
    CheckedStart start;
    Order& order = start.order;
    order.capture = wanted.capture;
    order.capture.mutable_interface()->Assign(names.begin(), names.end());
    order.name = wanted.name;
    order.wait = order.begin_waiting = true;
    if (wanted.keeps()) order.keep = wanted.keep;
    order.standing = wanted.standing;
    order.verdict = {.allowed = true, .reason = "a file of the jobs directory", .rule = "root"};
    auto started = co_await supervisor_.start(std::move(start));
    if (!started) {
        const auto code = started.error().code;
        if (code == base::ErrorCode::usage || code == base::ErrorCode::filter)
            hopeless_[wanted.name] = base::SteadyClock::now() + kToTryHopeless;
        tell_once(wanted.name, started.error().message);
        co_return;
    }
    told_.erase(wanted.name);
    log::tell(log::Event::job_started, own_fields(**started), "standing job {} (id {}) begins",
              (*started)->label(), (*started)->id());
}

bool StandingJobs::is_to_start(const std::string& name) const {
    const auto hopeless = hopeless_.find(name);
    if (find(name) || (hopeless != hopeless_.end() && base::SteadyClock::now() < hopeless->second))
        return false;
    const auto seen = seen_.find(name);
    return seen == seen_.end() || !seen->second->describe(now()).has_ended_by();
}

std::vector<Registry::JobPtr> StandingJobs::live() const {
    return supervisor_.registry().all(
        [](const Job& job) { return job.order().standing.has_value() && !is_over(job.state()); });
}

Registry::JobPtr StandingJobs::find(const std::string& name) const {
    const auto jobs = live();
    const auto found = std::ranges::find_if(jobs, [&](const auto& job) { return job->order().name == name; });
    return found == jobs.end() ? nullptr : *found;
}

void StandingJobs::tell_once(const std::string& name, const std::string& why) {
    if (std::exchange(told_[name], why) == why) return;
    log::tell(log::Event::trouble, {}, "standing job {} does not run: {}", name, why);
}

}  // namespace packetsentry::jobs
