#include "daemon/spool/format/checksum.h"

#include <xxhash.h>

namespace packetsentry::spool {

std::uint64_t checksum(Bytes bytes, std::uint64_t seed) {
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

}  // namespace packetsentry::spool
