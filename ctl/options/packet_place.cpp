#include "ctl/options/packet_place.h"

#include <limits>
#include <string>

#include "ctl/options/display_filter.h"
#include "ctl/options/typed_quantity.h"
#include "proto/words/filter.h"

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

base::Result<void> choose_packet(std::uint64_t place, wire::CaptureSpec& capture) {
    wire::Filter& filter = *capture.mutable_filter();
    std::string text = "(packetsentry.number == " + std::to_string(place) + ")";
    if (!filter.display().empty()) text += " and (" + filter.display() + ")";
    if (const auto parsed = parse_display_filter(text); !parsed) return std::unexpected(parsed.error());
    filter.set_display(std::move(text));
    if (const auto known = proto::filter_text(filter); !known) return std::unexpected(known.error());
    capture.mutable_until()->set_packets(1);
    return {};
}

}  // namespace packetsentry::ctl
