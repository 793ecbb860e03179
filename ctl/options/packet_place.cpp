#include "ctl/options/packet_place.h"

#include <limits>

#include "ctl/options/typed_quantity.h"

namespace packetsentry::ctl {
namespace {

constexpr NumberKind kPlace{.noun = "the number of a packet",
                            .low = 1,
                            .high = std::numeric_limits<std::int64_t>::max(),
                            .example = "--packet 42"};

}  // namespace

base::Result<std::uint64_t> parse_packet_place(std::string_view typed) {
    return parse_number(typed, kPlace);
}

}  // namespace packetsentry::ctl
