// How frames and records begin: with four bytes that say what they are and two with the length of their
// header, which ends with its own checksum. So a header is known to be whole before anything in it is
// believed, and a later version can make it longer.
#pragma once

#include <cstddef>
#include <cstdint>

#include "daemon/spool/format/byte_reader.h"

namespace packetsentry::spool {

inline constexpr std::size_t kLongestHeader = 256;
inline constexpr std::size_t kHeaderLengthAt = 4;

enum class HeaderState : std::uint8_t {
    whole,    // header_length() bytes
    partial,  // the bytes end within it
    damaged,
};

// bytes: from the header on. least: the bytes of the header as this version has it.
[[nodiscard]] HeaderState header_state(Bytes bytes, std::uint32_t magic, std::size_t least,
                                       std::uint64_t seed);

// bytes: a whole header.
[[nodiscard]] inline std::size_t header_length(Bytes bytes) {
    return number_in<std::uint16_t>(bytes, kHeaderLengthAt);
}

}  // namespace packetsentry::spool
