#include "daemon/spool/format/checksum.h"

#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
// Gives the same sums, with the widest registers that the processor has: a block in half the time.
#include <xxh_x86dispatch.h>
#else
#include <xxhash.h>
#endif

namespace packetsentry::spool {

std::uint64_t checksum(Bytes bytes, std::uint64_t seed) {
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

}  // namespace packetsentry::spool
