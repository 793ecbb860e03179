// At least one packet of every protocol, for tests that go over all of them (truncation, fuzzing).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tests/support/packet_builder.h"

namespace packetsentry::test {

struct SamplePacket {
    std::string_view name;
    Bytes frame;
    std::string_view summary;     // as the client prints it
    std::uint32_t link_type = 1;  // LINKTYPE_*
    // A frame that was shorter than this on the wire is malformed; unset: the whole frame.
    std::optional<std::size_t> needed = {};
};

[[nodiscard]] const std::vector<SamplePacket>& sample_packets();

}  // namespace packetsentry::test
