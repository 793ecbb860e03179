#include "daemon/dissect/fragment.h"

#include "daemon/dissect/ip_protocol.h"

namespace packetsentry::dissect {

void describe_fragment(const Fragment& fragment, std::size_t size, std::uint8_t ip_protocol, Walk& walk) {
    constexpr std::size_t kDatagramLimit = 65535;
    if (fragment.offset + size > kDatagramLimit) walk.out.malformed = true;
    walk.enter(LayerName::data);
    const std::string_view word = ip_protocol_word(ip_protocol);
    if (word.empty())
        walk.detail("fragment offset ", std::uint64_t{fragment.offset}, " of id ", Hex{fragment.id},
                    ", protocol ", std::uint64_t{ip_protocol});
    else
        walk.detail("fragment offset ", std::uint64_t{fragment.offset}, " of id ", Hex{fragment.id}, ", ",
                    word);
}

}  // namespace packetsentry::dissect
