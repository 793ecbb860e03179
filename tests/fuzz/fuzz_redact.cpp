// Whole frames, redacted. The first byte picks the link type, the second tells how many bytes more the frame
// had on the wire, the third how it is redacted; the rest is the frame. Where the third has its highest bit,
// the first picks one of the redaction cases, the second tells how many bytes of its frame are cut off, and
// the rest is its payload.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "daemon/dissect/dissect.h"
#include "daemon/redact/redactor.h"
#include "tests/fuzz/link_types.h"
#include "tests/fuzz/promises.h"
#include "tests/support/redaction_cases.h"

namespace {

using namespace packetsentry;
using dissect::Layout;
using Kind = Layout::Kind;

constexpr std::array<std::byte, redact::AddressMask::kKeySize> kKey{std::byte{1}};
constexpr std::array<redact::Redaction, 4> kRedactions{{
    {.payload_bytes = 0},
    {.payload_bytes = 7},
    {.mask_addresses = true},
    {.payload_bytes = 7, .mask_addresses = true},
}};

void promise(bool kept) {
    if (!kept) std::abort();
}

bool is_address(const Layout::Place& place) {
    return place.kind == Kind::ipv4 || place.kind == Kind::ipv6 || place.kind == Kind::mac;
}

bool is_masked(const Layout::Place& place, std::span<const std::byte> before,
               std::span<const std::byte> after) {
    static redact::AddressMask mask(kKey);
    const auto masked = mask.mask(base::Address::from(before.subspan(place.offset, place.size)));
    return base::Address::from(after.subspan(place.offset, place.size)) == masked;
}

bool is_empty(std::span<const std::byte> bytes) {
    return std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
}

// However it is redacted, a field that could hold anything holds nothing.
void check_opaque(const Layout& layout, std::span<const std::byte> after) {
    for (const Layout::Place& place : layout.places())
        if (place.kind == Kind::opaque &&
            place.offset + place.size <= std::min(after.size(), layout.header_end()))
            promise(is_empty(after.subspan(place.offset, place.size)));
}

// Whatever stands at the place of an address is its mask; nothing reaches behind the headers.
void check_masked(const Layout& layout, std::span<const std::byte> before, std::span<const std::byte> after) {
    promise(after.size() <= layout.header_end());
    for (const Layout::Place& place : layout.places()) {
        if (place.offset + place.size > after.size()) continue;
        const auto there = after.subspan(place.offset, place.size);
        if (is_address(place)) promise(is_masked(place, before, after));
        if (place.kind == Kind::checksum || place.kind == Kind::identifier) promise(is_empty(there));
    }
}

// Only a header that was understood is compared: of a broken one nothing is kept, nor of one that nobody
// vouched for, which the line may name all the same.
void check_conversation(const Layout& layout, const dissect::Dissection& before,
                        const dissect::Dissection& after) {
    if (after.source_mac) promise(after.source_mac.size == before.source_mac.size);
    if (!after.source) return;
    promise(after.source.size == before.source.size && after.network == before.network);
    if (layout.closed()) return;
    promise(after.ip_protocol == before.ip_protocol && after.has_ports == before.has_ports);
    promise(after.source_port == before.source_port && after.destination_port == before.destination_port);
}

redact::Redactor& redactor(std::size_t number) {
    static std::array<std::unique_ptr<redact::Redactor>, kRedactions.size()> made;
    if (!made[number]) made[number] = std::make_unique<redact::Redactor>(kRedactions[number], kKey);
    return *made[number];
}

// Whatever its user wrote, a tunnel's frame keeps no more than its headers, and what looks like a header no
// more than those around it.
void check_case(const test::RedactionCase& c, std::size_t cut, std::size_t number,
                std::span<const std::byte> payload) {
    static dissect::Dissection row;
    const test::Bytes frame = c.build(test::Bytes(payload.begin(), payload.end()));
    const auto there = std::span(frame).first(frame.size() - std::min(cut, frame.size()));
    const auto left = redactor(number).redact(there, frame.size(), c.link_type, row);
    const redact::Redaction& redaction = kRedactions[number];
    if (redaction.mask_addresses) promise(!test::keeps_address(there, left));
    const std::size_t kept = redaction.mask_addresses ? 0 : redaction.payload_bytes.value_or(0);
    promise(left.size() <= c.headers + kept);
    if (kept == 0) promise(!test::holds_smuggled(left));
    fuzz::check_promises(row, left);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static dissect::Dissection before, after;
    if (size < 3) return 0;
    const std::uint32_t link_type = fuzz::kLinkTypes[data[0] % fuzz::kLinkTypes.size()];
    const std::size_t number = data[2] % kRedactions.size();
    const auto frame = std::as_bytes(std::span(data, size)).subspan(3);
    if ((data[2] & 0x80) != 0) {
        const auto& cases = test::redaction_cases();
        check_case(cases[data[0] % cases.size()], data[1], number, frame);
        return 0;
    }
    const std::size_t wire_bytes = frame.size() + data[1];

    Layout layout;
    dissect::dissect(frame, wire_bytes, link_type, before, &layout);
    const auto left = redactor(number).redact(frame, wire_bytes, link_type, after);
    promise(left.size() <= frame.size());
    promise(left.size() <= layout.header_end() + kRedactions[number].payload_bytes.value_or(0));
    check_opaque(layout, left);
    if (kRedactions[number].mask_addresses) check_masked(layout, frame, left);
    // With more places than can be noted the cut is in the midst of a header.
    if (layout.places().size() < Layout::kPlaceLimit) check_conversation(layout, before, after);
    promise(before.malformed == after.malformed);
    fuzz::check_promises(after, left);
    return 0;
}
