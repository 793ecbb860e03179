#include "daemon/spool/format/summed_header.h"

#include "daemon/spool/format/checksum.h"

namespace packetsentry::spool {

HeaderState header_state(Bytes bytes, std::uint32_t magic, std::size_t least, std::uint64_t seed) {
    if (bytes.size() < least) return HeaderState::partial;
    if (number_in<std::uint32_t>(bytes, 0) != magic) return HeaderState::damaged;
    const std::size_t length = header_length(bytes);
    if (length < least || length > kLongestHeader || length % 8 != 0) return HeaderState::damaged;
    if (bytes.size() < length) return HeaderState::partial;
    const std::size_t summed = length - sizeof(std::uint64_t);
    const bool right = checksum(bytes.first(summed), seed) == number_in<std::uint64_t>(bytes, summed);
    return right ? HeaderState::whole : HeaderState::damaged;
}

}  // namespace packetsentry::spool
