// The checksum of everything in the spool: XXH3-64 (https://github.com/Cyan4973/xxHash, 0.8).
#pragma once

#include <cstdint>

#include "daemon/spool/format/byte_reader.h"

namespace packetsentry::spool {

// A checksum finds damage, but no forgery, because whoever may write the files can compute it too. What
// follows the header of a file has the seed of that header (FileHeader::seed()). Therefore bytes of
// another file, and bytes that somebody sent over the network and that stand in a row, are not taken for
// a frame.
[[nodiscard]] std::uint64_t checksum(Bytes bytes, std::uint64_t seed);

}  // namespace packetsentry::spool
