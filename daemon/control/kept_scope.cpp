#include "daemon/control/kept_scope.h"

#include <fnmatch.h>

#include <algorithm>
#include <map>
#include <utility>

#include "daemon/control/verdicts.h"

namespace packetsentry::control {
namespace {

using base::ErrorCode;
using base::Result;
using spool::Segment;

constexpr int kRemovedTold = 64;  // times in which something was removed

// Asks the policy about segments. Most segments of a job have the same owner and terms, which are then asked
// once.
class Permissions {
  public:
    Permissions(bool with_packets, const policy::Peer& peer, const policy::Rules& rules)
        : with_packets_(with_packets), peer_(peer), rules_(rules) {}

    enum class Verdict { unknown_to_peer, withheld, allowed };

    [[nodiscard]] Verdict of(const Segment& segment) {
        const auto key = std::pair(segment.owner_uid, segment.terms.get());
        const auto found = asked_.find(key);
        if (found != asked_.end()) return found->second;
        return asked_[key] = ask(segment);
    }

  private:
    [[nodiscard]] Verdict ask(const Segment& segment) const {
        if (policy::is_unrestricted(peer_, rules_)) return Verdict::allowed;
        wire::KeptJob job;
        if (!segment.owner_known() || !job.ParseFromString(*segment.terms)) return Verdict::unknown_to_peer;
        const policy::JobFacts facts = facts_of_kept(peer_, segment.owner_uid, job, with_packets_);
        if (!policy::decide(peer_, policy::Action::see_job, &facts, rules_).allowed)
            return Verdict::unknown_to_peer;
        return !forbids_own(facts) && policy::decide(peer_, policy::Action::read_past, &facts, rules_).allowed
                   ? Verdict::allowed
                   : Verdict::withheld;
    }

    // One's own are withheld too: rows from a time when one's rule showed more, and packets that one may not
    // save.
    [[nodiscard]] bool forbids_own(const policy::JobFacts& facts) const {
        const policy::Rule* const rule = policy::find_rule(peer_, rules_);
        if (rule == nullptr) return false;
        const bool may_save = rule->permissions.test(policy::place_of(policy::Permission::save));
        return !policy::show_no_more(facts.terms, rule->terms) || (with_packets_ && !may_save);
    }

    bool with_packets_;
    const policy::Peer& peer_;
    const policy::Rules& rules_;
    std::map<std::pair<std::uint32_t, const std::string*>, Verdict> asked_;
};

std::string name_of(const KeptSegments& kept) {
    wire::KeptJob job;
    if (kept.segments.empty() || !job.ParseFromString(*kept.segments.back().terms)) return "";
    return job.name();
}

// Remembers which names have meant a job.
class WantedJobs {
  public:
    WantedJobs(const std::vector<std::string>& names, std::string_view rows)
        : names_(names), rows_(rows), used_(names.size()) {}

    [[nodiscard]] bool has(const KeptSegments& kept) {
        if (names_.empty()) return true;
        const std::string name = name_of(kept);
        bool wanted = false;
        for (std::size_t i = 0; i < names_.size(); ++i) {
            const bool meant = names_[i] == std::to_string(kept.job) ||
                               (!name.empty() && ::fnmatch(names_[i].c_str(), name.c_str(), 0) == 0);
            wanted = wanted || meant;
            used_[i] = used_[i] || meant;
        }
        return wanted;
    }
    // some_unusable: what some jobs have kept cannot be used, and perhaps one of them was meant.
    [[nodiscard]] Result<void> all_used(bool some_unusable) const {
        for (std::size_t i = 0; i < names_.size(); ++i)
            if (!used_[i])
                return base::fail(ErrorCode::no_such_job,
                                  "no " + std::string(rows_) + " are kept of a job '" +
                                      names_[i].substr(0, 64) + "' in that time" +
                                      (some_unusable ? " that can be used" : "") +
                                      "; 'packetsentryctl search' without --job searches all");
        return {};
    }

  private:
    const std::vector<std::string>& names_;
    std::string_view rows_;
    std::vector<bool> used_;
};

void tell_removed(const KeptSegments& kept, const Segment& segment, wire::SearchScope& told) {
    const bool packets_alone = segment.kept();
    if (packets_alone && segment.packets != spool::PacketsState::removed) return;
    const spool::TimeRange times = segment.times();
    if (told.removed_size() != 0) {
        wire::RemovedTime& last = *told.mutable_removed(told.removed_size() - 1);
        if (last.job() == kept.job && last.packets_alone() == packets_alone) {
            last.set_from_ns(std::min(last.from_ns(), times.since_ns));
            last.set_to_ns(std::max(last.to_ns(), times.until_ns));
            return;
        }
    }
    if (told.removed_size() >= kRemovedTold) return;
    wire::RemovedTime& removed = *told.add_removed();
    removed.set_job(kept.job);
    removed.set_from_ns(times.since_ns);
    removed.set_to_ns(times.until_ns);
    removed.set_packets_alone(packets_alone);
}

void tell_job(const KeptSegments& kept, const std::vector<SegmentPlace>& places, wire::SearchScope& told) {
    wire::KeptJobName& job = *told.add_job();
    job.set_id(kept.job);
    job.set_name(name_of(kept));
    // Whoever may see nothing of it is not told how far back it reaches.
    if (places.empty()) return;
    job.set_rows_since_ns(kept.rows_since_ns);
    job.set_packets_since_ns(kept.packets_since_ns);
}

// Puts jobs that recorded one after the other into one stream.
class Streams {
  public:
    explicit Streams(std::vector<std::vector<SegmentPlace>>& streams) : streams_(streams) {}

    void add(std::vector<SegmentPlace> places) {
        if (places.empty()) return;
        const auto first =
            std::ranges::min(places, {}, [](const auto& place) { return place.times.since_ns; });
        const auto last =
            std::ranges::max(places, {}, [](const auto& place) { return place.times.until_ns; });
        std::size_t stream = 0;
        while (stream < ends_.size() && ends_[stream] >= first.times.since_ns) ++stream;
        if (stream == ends_.size()) {
            streams_.emplace_back();
            ends_.push_back(0);
        }
        streams_[stream].insert(streams_[stream].end(), places.begin(), places.end());
        ends_[stream] = last.times.until_ns;
    }

  private:
    std::vector<std::vector<SegmentPlace>>& streams_;
    std::vector<std::int64_t> ends_;  // the last time of each
};

// Whoever may not see all jobs is not told which one it is.
SegmentPlace place_of_trouble(const KeptSegments& kept, bool unrestricted) {
    SegmentPlace place;
    place.trouble =
        unrestricted ? kept.trouble : "what a job has kept cannot be used; the log of packetsentryd says why";
    return place;
}

void add_unusable(const std::vector<KeptSegments>& kept, bool unrestricted,
                  std::vector<std::vector<SegmentPlace>>& streams) {
    std::vector<SegmentPlace> places;
    for (const KeptSegments& job : kept)
        if (!job.trouble.empty()) places.push_back(place_of_trouble(job, unrestricted));
    if (places.empty()) return;
    if (streams.empty()) streams.emplace_back();
    streams.front().insert(streams.front().begin(), places.begin(), places.end());
}

}  // namespace

Result<KeptScope> scope_of(const std::vector<KeptSegments>& kept, const std::vector<std::string>& names,
                           bool with_packets, const policy::Peer& peer, const policy::Rules& rules,
                           std::string_view rows) {
    Permissions permissions(with_packets, peer, rules);
    WantedJobs wanted(names, rows);
    KeptScope scope;
    Streams streams(scope.streams);
    for (const KeptSegments& job : kept) {
        std::vector<SegmentPlace> places;
        bool known = false;
        std::uint64_t withheld = 0;
        std::vector<const Segment*> removed;
        for (const Segment& segment : job.segments) {
            const auto verdict = permissions.of(segment);
            if (verdict == Permissions::Verdict::unknown_to_peer) continue;
            known = true;
            removed.push_back(&segment);
            if (!segment.kept()) continue;
            if (verdict == Permissions::Verdict::withheld) {
                ++withheld;
                continue;
            }
            places.push_back({.job = job.job,
                              .counter = segment.counter,
                              .times = segment.times(),
                              .rows_bytes = segment.progress.rows_bytes,
                              .has_packets = segment.packets == spool::PacketsState::kept});
        }
        if (!known || !wanted.has(job)) continue;
        scope.told.set_withheld(scope.told.withheld() + withheld);
        for (const Segment* const segment : removed) tell_removed(job, *segment, scope.told);
        tell_job(job, places, scope.told);
        for (const SegmentPlace& place : places) scope.told.set_bytes(scope.told.bytes() + place.rows_bytes);
        scope.told.set_segments(scope.told.segments() + places.size());
        streams.add(std::move(places));
    }
    const bool some_unusable =
        std::ranges::any_of(kept, [](const auto& job) { return !job.trouble.empty(); });
    if (auto used = wanted.all_used(some_unusable); !used) return std::unexpected(used.error());
    if (scope.streams.size() > kStreamsOfQuestion)
        return base::fail(ErrorCode::usage, "more than " + std::to_string(kStreamsOfQuestion) +
                                                " jobs recorded at the same time then; name some with --job");
    add_unusable(kept, policy::is_unrestricted(peer, rules), scope.streams);
    return scope;
}

std::optional<std::uint64_t> job_named(const std::vector<KeptSegments>& kept, const std::string& name,
                                       const policy::Peer& peer, const policy::Rules& rules) {
    Permissions permissions(false, peer, rules);
    std::optional<std::uint64_t> found;
    bool own_found = false;
    for (const KeptSegments& job : kept) {
        if (name.empty() || (name != std::to_string(job.job) && name != name_of(job))) continue;
        const auto is_known = [&](const Segment& segment) {
            return permissions.of(segment) != Permissions::Verdict::unknown_to_peer;
        };
        if (std::ranges::none_of(job.segments, is_known)) continue;
        const bool own = job.segments.back().owner_uid == peer.uid;
        if (own_found && !own) continue;
        found = job.job;
        own_found = own;
    }
    return found;
}

}  // namespace packetsentry::control
