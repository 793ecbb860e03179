// Which segments of the spool a user may search: those that the question is about, that were recorded under
// terms at least as strict as the user's, and for this user.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/policy/decide.h"
#include "daemon/spool/catalogue/segment.h"
#include "proto/messages/search.pb.h"
#include "proto/messages/state.pb.h"

namespace packetsentry::control {

// What the spool has of one job in the asked time, in the order of counters; removed segments are among it.
struct KeptSegments {
    std::uint64_t job = 0;
    std::vector<spool::Segment> segments = {};
    // Since when rows and packets are kept, also before that time; 0: not known, or nothing is.
    std::int64_t rows_since_ns = 0;
    std::int64_t packets_since_ns = 0;
    std::string trouble = {};  // why nothing of it can be used; there are no segments then
};

struct SegmentPlace {
    std::uint64_t job = 0;
    std::uint64_t counter = 0;
    spool::TimeRange times = {};
    std::uint64_t rows_bytes = 0;
    bool has_packets = false;
    std::string trouble = {};  // it is no segment: the client is told this in its place
};

struct KeptScope {
    // Each stream has segments one after the other, oldest first; no two streams have a segment in common.
    // What cannot be used comes before all segments.
    std::vector<std::vector<SegmentPlace>> streams = {};
    wire::SearchScope told = {};
};

inline constexpr std::size_t kStreamsOfQuestion = 64;

// names: of jobs, as in wire::Search; with_packets: the packets are asked for too. Errors: no_such_job, if a
// name means no job that the user may know of; usage (too many jobs at the same time). rows: what the
// question is about, for an error: "packets".
[[nodiscard]] base::Result<KeptScope> scope_of(const std::vector<KeptSegments>& kept,
                                               const std::vector<std::string>& names, bool with_packets,
                                               const policy::Peer& peer, const policy::Rules& rules,
                                               std::string_view rows = "packets");

// Returns the job that an id or a name means, among those that the user may know of: the newest one with the
// name, but one that the user has started before all others. None: there is no such job.
[[nodiscard]] std::optional<std::uint64_t> job_named(const std::vector<KeptSegments>& kept,
                                                     const std::string& name, const policy::Peer& peer,
                                                     const policy::Rules& rules);

}  // namespace packetsentry::control
