#include "daemon/jobs/counts.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "proto/link/ledger.h"

namespace packetsentry::jobs {
namespace {

// Removes the packets that nobody has read from the ring of a worker that is done.
void forget_unread(wire::Ledger& ledger) {
    ledger.set_received(ledger.received() - std::min(ledger.unread(), ledger.received()));
    ledger.set_unread(0);
}

}  // namespace

Counts::Counts(Moment now) : reported_at_(now) {}

Counts::Counts(Moment now, const wire::StoredJob& before, bool saves)
    : folded_(before.ledger()),
      saves_(saves),
      reported_at_(now),
      dropped_before_(before.interface_dropped()) {
    forget_unread(folded_);
    for (const wire::Loss& loss : before.loss()) losses_.restore(loss);
    losses_.restore_count(before.losses());
    losses_.close_all(before.alive_ns());
}

void Counts::count(const wire::Ledger& ledger, Moment now) {
    present_ = ledger;
    if (!saves_) present_.set_not_saved(present_.recorded());
    const wire::Ledger sum = this->ledger();
    rate_.sample(now.steady, sum.recorded(), sum.bytes());
}

void Counts::report(const wire::Ledger& ledger, Moment now) {
    count(ledger, now);
    find_losses(now);
    reported_at_ = now;
    at_report_ = mark();
}

void Counts::find_losses(Moment now) {
    struct Counted {
        wire::Loss::Cause cause;
        std::uint64_t (wire::Ledger::*count)() const;
    };
    static constexpr std::array kCounted{Counted{wire::Loss::RING_FULL, &wire::Ledger::dropped_by_kernel},
                                         Counted{wire::Loss::READER_BEHIND, &wire::Ledger::shed},
                                         Counted{wire::Loss::NOT_SAVED, &wire::Ledger::not_saved},
                                         Counted{wire::Loss::NOT_KEPT, &wire::Ledger::not_kept}};
    for (const Counted& counted : kCounted) {
        const std::uint64_t packets = (present_.*counted.count)() - (dated_.*counted.count)();
        if (packets == 0) continue;
        wire::Loss loss;
        loss.set_cause(counted.cause);
        loss.set_from_ns(reported_at_.wall_ns);
        loss.set_to_ns(now.wall_ns);
        loss.set_packets(packets);
        losses_.add(std::move(loss));
    }
    dated_ = present_;
}

void Counts::give_up_unsaved() {
    if (present_.recorded() > present_.saved() + present_.not_saved())
        present_.set_not_saved(present_.recorded() - present_.saved());
}

// A worker that died may have counted losses since its last report.
void Counts::fold(bool saves, Moment now) {
    find_losses(now);
    folded_ = ledger();
    forget_unread(folded_);
    present_.Clear();
    dated_.Clear();
    saves_ = saves;
}

void Counts::count_interfaces(const InterfaceTable& table, std::span<const std::string> names) {
    growth_.read(table, names);
}

void Counts::begin_loss(wire::Loss::Cause cause, Moment now, bool since_report) {
    losses_.open(cause, since_report ? reported_at_.wall_ns : now.wall_ns);
    at_loss_[cause] = since_report ? at_report_ : mark();
}

void Counts::end_loss(wire::Loss::Cause cause, Moment now) {
    const Mark begin = at_loss_[cause];
    const Mark end = mark();
    const std::uint64_t passed = end.growth - begin.growth;
    const std::uint64_t recorded = end.recorded - begin.recorded;
    const bool bounded = cause != wire::Loss::DAEMON_AWAY && cause != wire::Loss::INTERFACE_DOWN;
    losses_.close(cause, now.wall_ns,
                  bounded ? std::optional(passed > recorded ? passed - recorded : 0) : std::nullopt);
}

wire::Ledger Counts::ledger() const {
    wire::Ledger sum = folded_;
    proto::add(sum, present_);
    return sum;
}

void Counts::describe(wire::Job& job, bool live, Moment now) const {
    *job.mutable_ledger() = ledger();
    job.set_packets_per_second(live ? rate_.packets_per_second(now.steady) : 0);
    job.set_bytes_per_second(live ? rate_.bytes_per_second(now.steady) : 0);
    for (const wire::Loss& loss : losses_.kept()) *job.add_loss() = loss;
    job.set_losses(losses_.count());
    job.set_worker_restarts(worker_restarts_);
    job.set_interface_dropped(dropped_before_ + growth_.dropped());
}

}  // namespace packetsentry::jobs
