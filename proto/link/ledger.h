// Arithmetic on packet counts (proto/messages/capture.proto).
#pragma once

#include "proto/messages/capture.pb.h"

namespace packetsentry::proto {

void add(wire::Ledger& sum, const wire::Ledger& part);

// No count of now is below that of before, but what waits in the ring, and what was saved and then lost.
[[nodiscard]] bool has_only_grown(const wire::Ledger& before, const wire::Ledger& now);

// No count is one that no capture reaches; sums of such do not wrap.
[[nodiscard]] bool is_possible(const wire::Ledger& ledger);

// What the kernel received reached the dissector, was dropped or waits; what reached the dissector became a
// row, or was shed or filtered out; and what is saved, or could not be, is of that.
[[nodiscard]] bool balances(const wire::Ledger& ledger);

}  // namespace packetsentry::proto
