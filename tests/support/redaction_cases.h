// What redaction must not keep: a frame for each tunnel and pseudowire in the dissectors' tables, and for
// each way in which bytes can look like a header, or lie in one, without being one. The unit test of the
// redactor goes through them, and so does its fuzzer, with whatever payload it comes upon.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tests/support/packet_builder.h"

namespace packetsentry::test {

struct RedactionCase {
    enum class Inside : std::uint8_t { payload, ipv4, ipv6 };  // behind an IP header there is a UDP header

    std::string name;
    PacketBuilder around;
    // No more than so many of the frame's first bytes are headers, whatever the payload is.
    std::size_t headers = 0;
    Inside inside = Inside::payload;
    std::uint32_t link_type = 1;

    // Makes the frame of a packet whose user wrote payload.
    [[nodiscard]] Bytes build(const Bytes& payload) const;
};

// Somebody wrote this byte where a header has no field, or one that means nothing.
inline constexpr std::byte kSmuggled{0xA7};

[[nodiscard]] const std::vector<RedactionCase>& redaction_cases();

// Tells whether three of those bytes follow each other, which no field of the cases' frames holds.
[[nodiscard]] bool holds_smuggled(std::span<const std::byte> frame);
// Tells whether an address of the cases' frames is left where it stood. Nothing is moved by redaction, and
// elsewhere numbers of headers can be an address by chance: a length of 512, a checksum that was taken out
// and a flag are 02:00:00:00:00:02.
[[nodiscard]] bool keeps_address(std::span<const std::byte> before, std::span<const std::byte> after);

}  // namespace packetsentry::test
