#include "daemon/jobs/losses.h"

#include <algorithm>
#include <utility>

namespace packetsentry::jobs {
namespace {

// Two reports of a worker and a little: a flood is one gap, not two a second.
constexpr std::int64_t kSameNs = 2'000'000'000;

}  // namespace

void Losses::add(wire::Loss loss) {
    const auto last = std::ranges::find_if(
        kept_.rbegin(), kept_.rend(), [&](const wire::Loss& one) { return one.cause() == loss.cause(); });
    if (last != kept_.rend() && last->to_ns() != 0 && loss.from_ns() - last->to_ns() < kSameNs) {
        last->set_to_ns(std::max(last->to_ns(), loss.to_ns()));
        last->set_packets(last->packets() + loss.packets());
        return;
    }
    kept_.push_back(std::move(loss));
    ++count_;
    if (kept_.size() > kKept) kept_.pop_front();
}

void Losses::open(wire::Loss::Cause cause, std::int64_t from_ns) {
    if (open_one(cause) != nullptr) return;
    wire::Loss loss;
    loss.set_cause(cause);
    loss.set_from_ns(from_ns);
    kept_.push_back(std::move(loss));
    ++count_;
    if (kept_.size() > kKept) kept_.pop_front();
}

void Losses::close(wire::Loss::Cause cause, std::int64_t to_ns, std::optional<std::uint64_t> at_most) {
    wire::Loss* const loss = open_one(cause);
    if (loss == nullptr) return;
    loss->set_to_ns(to_ns);
    loss->set_at_most(at_most.has_value());
    loss->set_uncounted(!at_most && cause != wire::Loss::INTERFACE_DOWN);
    loss->set_packets(at_most.value_or(0));
}

void Losses::close_all(std::int64_t to_ns) {
    for (wire::Loss& loss : kept_)
        if (loss.to_ns() == 0) close(loss.cause(), to_ns, std::nullopt);
}

wire::Loss* Losses::open_one(wire::Loss::Cause cause) {
    const auto found = std::ranges::find_if(
        kept_, [&](const wire::Loss& loss) { return loss.cause() == cause && loss.to_ns() == 0; });
    return found == kept_.end() ? nullptr : &*found;
}

}  // namespace packetsentry::jobs
