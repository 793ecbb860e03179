// The last line of a session: what was shown, and what was lost.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "proto/messages/batch.pb.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::ctl::render {

struct Tally {
    wire::Table table = wire::TABLE_PACKETS;  // of the rows that were shown
    std::uint64_t shown = 0;
    std::uint64_t missed = 0;        // did not reach this client, which was too slow
    std::uint64_t not_kept = 0;      // were gone before this client asked for them
    std::uint64_t not_shown = 0;     // the terminal did not take them
    std::uint64_t not_matching = 0;  // did not pass this client's display filter
    // Holds what was counted while the job was watched; empty: the source has told nothing.
    std::optional<wire::Ledger> ledger = {};
    bool complete = true;  // the ledger is the last one
};

// What was counted since another ledger of the same job.
[[nodiscard]] wire::Ledger since(const wire::Ledger& before, const wire::Ledger& now);

// "12 packets shown, none lost", or all there is to say:
// "12 packets shown, 5 lost: dropped by the kernel 3, shed 1, missed here 1; received 17, malformed 0".
// shown and lost are what passed the filter. What was received stands there where it is the sum of what else
// is told: a client that follows a job from its middle cannot know.
//
// For a table whose rows are made of several packets it returns "3 flows of 120 packets shown, none lost", or
// tells the lost packets and the lost rows.
[[nodiscard]] std::string ledger_text(const Tally& tally);

}  // namespace packetsentry::ctl::render
