// At least one message of every protocol above TCP and UDP, without the layers below.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "tests/support/packet_builder.h"

namespace packetsentry::test {

struct SampleApplication {
    std::string_view name;
    std::string_view family;  // the word of its fuzz target: "dns" for fuzz_dns
    bool tcp = false;         // otherwise UDP
    std::uint16_t port = 0;   // the destination's; the source's is 40000
    Bytes payload;
    std::string_view summary;  // as the client prints it
};

[[nodiscard]] const std::vector<SampleApplication>& sample_applications();

}  // namespace packetsentry::test
