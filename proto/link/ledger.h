// Adds and checks packet counts (proto/messages/capture.proto).
#pragma once

#include "proto/messages/capture.pb.h"

namespace packetsentry::proto {

void add(wire::Ledger& sum, const wire::Ledger& part);

// Tells whether no count has become smaller, except for the packets in the ring, and for packets that were
// saved and then lost.
[[nodiscard]] bool has_only_grown(const wire::Ledger& before, const wire::Ledger& now);

// Tells whether every count is one that a capture can reach. Sums of such counts do not overflow.
[[nodiscard]] bool is_possible(const wire::Ledger& ledger);

// Tells whether the counts add up: every received packet was delivered, was dropped by the kernel or is still
// in the ring; every delivered packet was recorded, shed or filtered out; and no more packets were saved, or
// not saved, than recorded.
[[nodiscard]] bool balances(const wire::Ledger& ledger);

}  // namespace packetsentry::proto
