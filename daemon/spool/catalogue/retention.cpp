#include "daemon/spool/catalogue/retention.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

namespace packetsentry::spool {
namespace {

// A segment, and what the plan leaves of it.
struct Candidate {
    const StoredSegment* segment = nullptr;
    const JobLimits* limits = nullptr;
    std::int64_t order_ns = 0;
    std::uint64_t rows_left = 0;
    std::uint64_t packets_left = 0;
    std::optional<Removal> removal = {};

    [[nodiscard]] std::uint64_t left() const { return rows_left + packets_left; }
    [[nodiscard]] bool removable() const {
        return !segment->open && !(removal && removal->part == RemovedPart::whole);
    }
    // Whose limits of bytes it counts against: those of a job, or those that jobs share.
    [[nodiscard]] std::pair<bool, std::uint64_t> account() const {
        return limits->shared != 0 ? std::pair(true, limits->shared) : std::pair(false, segment->job);
    }
    [[nodiscard]] KeepLimits rows_limits() const {
        const auto found = limits->rows.find(segment->table);
        return found == limits->rows.end() ? KeepLimits{} : found->second;
    }
};

const JobLimits& limits_of(std::uint64_t job, const SpoolLimits& limits) {
    const auto found = limits.jobs.find(job);
    return found == limits.jobs.end() ? limits.other_jobs : found->second;
}

// A segment is never older than the one before it of its job, even if the clock was set back meanwhile.
void set_order(std::vector<Candidate>& candidates) {
    const auto by_job = [](const Candidate& a) { return std::pair(a.segment->job, a.segment->counter); };
    std::ranges::sort(candidates, {}, by_job);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        candidates[i].order_ns = candidates[i].segment->newest_ns;
        if (i != 0 && candidates[i].segment->job == candidates[i - 1].segment->job)
            candidates[i].order_ns = std::max(candidates[i].order_ns, candidates[i - 1].order_ns);
    }
    std::ranges::sort(candidates, {}, [](const Candidate& a) {
        return std::tuple(a.order_ns, a.segment->job, a.segment->counter);
    });
}

bool is_older(std::int64_t time_ns, std::int64_t age_ns, std::int64_t now_ns) {
    std::int64_t age = 0;
    if (__builtin_sub_overflow(now_ns, time_ns, &age)) return time_ns < now_ns && age_ns != kNoAgeLimit;
    return age_ns != kNoAgeLimit && age >= age_ns;
}

std::uint64_t above(std::uint64_t used, std::uint64_t limit) {
    return used > limit ? used - limit : 0;
}

// What one user keeps.
struct Holding {
    std::uint64_t bytes = 0;
    std::vector<Candidate*> segments = {};    // the oldest first
    RemovedPart part = RemovedPart::packets;  // what is removed next: rows when no packets are left
    std::size_t next = 0;                     // of segments

    [[nodiscard]] bool can_lose(const Candidate& candidate) const {
        return candidate.removable() && (part == RemovedPart::whole || candidate.packets_left != 0);
    }
    // Returns null when nothing is left that can be removed.
    [[nodiscard]] Candidate* oldest() {
        for (;;) {
            for (; next < segments.size(); ++next)
                if (can_lose(*segments[next])) return segments[next];
            if (part == RemovedPart::whole) return nullptr;
            part = RemovedPart::whole;
            next = 0;
        }
    }
};

class RemovalPlan {
  public:
    RemovalPlan(std::span<const StoredSegment> segments, const SpoolLimits& limits) {
        candidates_.reserve(segments.size());
        for (const StoredSegment& segment : segments)
            candidates_.push_back({.segment = &segment,
                                   .limits = &limits_of(segment.job, limits),
                                   .rows_left = segment.rows_bytes,
                                   .packets_left = segment.packets_bytes});
        set_order(candidates_);
    }

    void apply_age(std::int64_t now_ns) {
        for (Candidate& candidate : candidates_) {
            const std::int64_t time_ns = candidate.segment->newest_ns;
            if (is_older(time_ns, candidate.rows_limits().age_ns, now_ns))
                (void)remove(candidate, RemovedPart::whole, RemovalReason::age);
            else if (is_older(time_ns, candidate.limits->packets.age_ns, now_ns))
                (void)remove(candidate, RemovedPart::packets, RemovalReason::age);
        }
    }

    void apply_table_bytes() {
        using Account = std::pair<bool, std::uint64_t>;
        std::map<Account, std::uint64_t> packets;
        std::map<std::pair<Account, std::uint32_t>, std::uint64_t> rows;  // by account and table
        for (const Candidate& candidate : candidates_) {
            packets[candidate.account()] += candidate.packets_left;
            rows[{candidate.account(), candidate.segment->table}] += candidate.rows_left;
        }
        for (Candidate& candidate : candidates_) {
            std::uint64_t& packets_used = packets[candidate.account()];
            std::uint64_t& rows_used = rows[{candidate.account(), candidate.segment->table}];
            const Candidate before = candidate;
            if (rows_used > candidate.rows_limits().bytes)
                (void)remove(candidate, RemovedPart::whole, RemovalReason::table_bytes);
            else if (packets_used > candidate.limits->packets.bytes)
                (void)remove(candidate, RemovedPart::packets, RemovalReason::table_bytes);
            packets_used -= before.packets_left - candidate.packets_left;
            rows_used -= before.rows_left - candidate.rows_left;
        }
    }

    void apply_user_bytes(std::uint64_t limit) {
        if (limit == kNoBytesLimit) return;
        std::uint64_t used = 0;
        const std::uint64_t least = limit / kUserSegments;
        const auto holdings = holdings_of_users(least);
        for (const auto& [user, holding] : holdings) used += holding.bytes;
        const std::uint64_t share = limit / std::max<std::uint64_t>(holdings.size(), 1);
        (void)free_of_users(above(used, limit), {.least = least, .share = share}, RemovalReason::user_bytes);
    }
    [[nodiscard]] std::uint64_t used() const {
        std::uint64_t used = 0;
        for (const Candidate& candidate : candidates_) used += candidate.left();
        return used;
    }
    [[nodiscard]] std::uint64_t freed() const {
        std::uint64_t freed = 0;
        for (const Candidate& candidate : candidates_) freed += candidate.segment->bytes() - candidate.left();
        return freed;
    }

    // Removes first from jobs of users, and then from standing jobs, until excess bytes have been freed.
    void free(std::uint64_t excess, RemovalReason reason) {
        excess = free_of_users(excess, {}, reason);
        for (const RemovedPart part : {RemovedPart::packets, RemovedPart::whole})
            for (Candidate& candidate : candidates_) {
                if (excess == 0) return;
                if (!candidate.limits->kept_by_user) excess = above(excess, remove(candidate, part, reason));
            }
    }

    [[nodiscard]] std::vector<Removal> removals() const {
        std::vector<Removal> removals;
        for (const Candidate& candidate : candidates_)
            if (candidate.removal) removals.push_back(*candidate.removal);
        return removals;
    }

  private:
    using Holdings = std::map<std::uint32_t, Holding>;  // by user

    struct Fairness {
        std::uint64_t least = 0;  // that a segment counts as
        std::uint64_t share = 0;  // whoever has no more loses nothing
    };

    [[nodiscard]] static std::uint64_t counted(const Candidate& candidate, std::uint64_t least) {
        const bool gone = candidate.removal && candidate.removal->part == RemovedPart::whole;
        return gone ? 0 : std::max(candidate.left(), least);
    }

    [[nodiscard]] Holdings holdings_of_users(std::uint64_t least) {
        Holdings holdings;
        for (Candidate& candidate : candidates_) {
            if (!candidate.limits->kept_by_user) continue;
            Holding& holding = holdings[candidate.segment->owner_uid];
            holding.bytes += counted(candidate, least);
            holding.segments.push_back(&candidate);
        }
        return holdings;
    }

    // Returns what is still missing.
    [[nodiscard]] std::uint64_t free_of_users(std::uint64_t excess, const Fairness& fair,
                                              RemovalReason reason) {
        Holdings holdings = holdings_of_users(fair.least);
        while (excess != 0 && !holdings.empty()) {
            const auto most =
                std::ranges::max_element(holdings, {}, [](const auto& one) { return one.second.bytes; });
            Holding& holding = most->second;
            if (holding.bytes <= fair.share) break;
            Candidate* const oldest = holding.oldest();
            if (oldest == nullptr) {
                holdings.erase(most);
                continue;
            }
            const std::uint64_t before = counted(*oldest, fair.least);
            (void)remove(*oldest, holding.part, reason);
            const std::uint64_t freed = before - counted(*oldest, fair.least);
            holding.bytes -= freed;
            excess = above(excess, freed);
        }
        return excess;
    }

    // Returns the bytes that this frees.
    static std::uint64_t remove(Candidate& candidate, RemovedPart part, RemovalReason reason) {
        if (!candidate.removable()) return 0;
        if (part == RemovedPart::packets && candidate.packets_left == 0) return 0;
        if (part == RemovedPart::packets && !candidate.limits->rows_outlive_packets)
            part = RemovedPart::whole;
        const std::uint64_t before = candidate.left();
        candidate.packets_left = 0;
        if (part == RemovedPart::whole) candidate.rows_left = 0;
        candidate.removal = Removal{.job = candidate.segment->job,
                                    .counter = candidate.segment->counter,
                                    .part = part,
                                    .reason = reason,
                                    .bytes = candidate.segment->bytes() - candidate.left()};
        return before - candidate.left();
    }

    std::vector<Candidate> candidates_;  // the oldest first
};

}  // namespace

std::vector<Removal> plan_removals(std::span<const StoredSegment> segments, const SpoolLimits& limits,
                                   const RetentionInput& input) {
    RemovalPlan plan(segments, limits);
    if (input.age_may_remove) plan.apply_age(input.now_ns);
    plan.apply_table_bytes();
    plan.apply_user_bytes(limits.user_bytes);
    plan.free(above(plan.used(), limits.bytes), RemovalReason::spool_bytes);
    const std::uint64_t wanted = above(limits.free_disk, input.free_bytes);
    plan.free(above(wanted, plan.freed() + input.returning_bytes), RemovalReason::free_disk);
    return plan.removals();
}

}  // namespace packetsentry::spool
