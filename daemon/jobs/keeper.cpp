#include "daemon/jobs/keeper.h"

#include "daemon/base/clock.h"
#include "daemon/jobs/job_fields.h"
#include "daemon/log/log.h"

namespace packetsentry::jobs {

namespace {

constexpr std::chrono::minutes kToStoreCounts{1};

void tell_not_stored(const Job& job, const base::Error& error) {
    log::tell(log::Event::trouble, job_fields(job), "job {} does not come back after a restart: {}",
              job.label(), error.message);
}

}  // namespace

bool Keeper::store(LiveJob& live) {
    const Job& job = live.job();
    if (job.order().foreground || live.ended_for_good) return true;
    const auto stored = store_.put(job, now());
    if (!stored) tell_not_stored(job, stored.error());
    if (stored && std::exchange(live.output_left_out, false)) keep_output(live);
    return stored.has_value();
}

void Keeper::store_cut(LiveJob& live) {
    if (store(live)) return;
    live.output_left_out = true;
    forget_output(live.job().id());
}

void Keeper::store_progress(LiveJob& live) {
    const Job& job = live.job();
    const auto time = base::SteadyClock::now();
    const bool runs = job.state() != wire::JOB_STARTING && job.state() != wire::JOB_WAITING;
    if (job.order().foreground || !runs) return;
    const std::uint64_t delivered = job.ledger().delivered();
    if (delivered == live.stored_delivered || time < live.store_due) return store_.mark_alive(job.id());
    live.stored_delivered = delivered;
    live.store_due = time + kToStoreCounts;
    if (const auto error = store_.take_error()) tell_not_stored(job, *error);
    if (!live.ended_for_good && !live.output_left_out)
        store_.put_later(job, now());
    else
        store(live);
}

void Keeper::keep_output(const LiveJob& live) {
    const int output = live.running->output();
    if (!live.job().order().foreground && output >= 0) store_.outputs().keep(live.job().id(), output);
}

void Keeper::end_for_good(LiveJob& live) {
    if (live.job().order().foreground || std::exchange(live.ended_for_good, true)) return;
    store_.remove(live.job().id());
}

void Keeper::settle(LiveJob& live, bool daemon_stops) {
    const Job& job = live.job();
    if (job.order().foreground) return;
    if (daemon_stops && !live.ended_for_good && job.end_reason() == wire::END_ASKED)
        store(live);
    else
        store_.remove(job.id());
}

}  // namespace packetsentry::jobs
