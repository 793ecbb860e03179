// What a catalogue remembers about removed segments. They tell "no longer kept" from "nothing found", and
// there would be more of them each day for ever, so the oldest ones of a table are merged.
#pragma once

#include <cstddef>
#include <vector>

#include "daemon/spool/catalogue/segment.h"

namespace packetsentry::spool {

// A catalogue that is written anew has at most this number of removed segments of each table.
inline constexpr std::size_t kRemovedKept = 1000;

// True for a removed segment of which nothing is left to tell, because it never had a row. Its record
// only says that its counter was given.
[[nodiscard]] bool only_counts(const Segment& segment);

// Merges the oldest removed segments of each table into one, until at most kept of them are left. The
// merged one covers the times of all of them, with the counter, the owner and the terms of the newest,
// and no numbers of rows. segments: in the order of counters, in which they stay. kept: at least 1.
void merge_removed(std::vector<Segment>& segments, std::size_t kept = kRemovedKept);

}  // namespace packetsentry::spool
