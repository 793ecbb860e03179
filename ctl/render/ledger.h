// The counts as text: what was received, and what became of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "proto/capture.pb.h"

namespace packetsentry::ctl::render {

// "12 packets shown; received 12, dropped by the kernel 0, shed 0, malformed 0, missed here 0"; what
// is rarely there (filtered out, unread, saved, not saved) is told where it is not 0. Without a ledger:
// "12 packets shown; missed here 0".
[[nodiscard]] std::string ledger_text(std::uint64_t shown, const std::optional<wire::Ledger>& ledger,
                                      std::uint64_t missed);

}  // namespace packetsentry::ctl::render
