// The option --packet: one packet of a file, by its place there.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/base/result.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::ctl {

// "42" → 42; from 1 to 9223372036854775807. Error: usage.
[[nodiscard]] base::Result<std::uint64_t> parse_packet_place(std::string_view typed);

// Restricts a capture of a file to the packet at this place, from 1, which must pass its filter too; and ends
// the reading there. Error: filter (the display filter becomes too long or too deep).
[[nodiscard]] base::Result<void> choose_packet(std::uint64_t place, wire::CaptureSpec& capture);

}  // namespace packetsentry::ctl
