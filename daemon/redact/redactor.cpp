#include "daemon/redact/redactor.h"

#include <algorithm>

#include "daemon/redact/options.h"

namespace packetsentry::redact {
namespace {

using dissect::Layout;
using Kind = Layout::Kind;
using Bytes = std::span<std::byte>;

// The longest snapshot. Of a longer frame what follows is cut.
constexpr std::size_t kBufferSize = 262144;

constexpr std::size_t kIpv4FixedSize = 20;  // without options

// Tells whether it has changed a byte.
bool clear(Bytes bytes) {
    const bool cleared = std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
    std::ranges::fill(bytes, std::byte{0});
    return !cleared;
}

// These cover other bytes, so they are computed once all of those are what they will be.
bool is_sum(const Layout::Place& place) {
    return place.kind == Kind::checksum || place.kind == Kind::ipv4_header;
}

// RFC 791 section 3.1; a header's size is a multiple of 4.
void sum_up(Bytes header) {
    const Bytes checksum = header.subspan(10, 2);
    clear(checksum);
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i + 1 < header.size(); i += 2)
        sum += std::to_integer<std::uint32_t>(header[i]) << 8 | std::to_integer<std::uint32_t>(header[i + 1]);
    while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
    checksum[0] = static_cast<std::byte>(~sum >> 8);
    checksum[1] = static_cast<std::byte>(~sum);
}

}  // namespace

Redactor::Redactor(const Redaction& redaction, AddressMask::Key key)
    : redaction_(redaction), mask_(key), buffer_(kBufferSize) {
    if (redaction_.mask_addresses) redaction_.payload_bytes = 0;
}

std::span<const std::byte> Redactor::redact(std::span<const std::byte> frame, std::size_t wire_bytes,
                                            std::uint32_t link_type, dissect::Dissection& out) {
    dissect::dissect(frame, wire_bytes, link_type, out, &layout_);
    const bool malformed = out.malformed;
    const Bytes kept = Bytes(buffer_).first(kept_size());
    std::copy_n(frame.begin(), kept.size(), kept.begin());
    bool changed = kept.size() < wire_bytes;
    for (const Layout::Place& place : layout_.places())
        if (!is_sum(place)) changed |= rewrite(place, kept);
    if (changed || redaction_.mask_addresses)
        for (const Layout::Place& place : layout_.places())
            if (is_sum(place)) make_sum(place, kept);
    dissect::dissect(kept, std::max(wire_bytes, frame.size()), link_type, out);
    out.malformed = malformed;
    return kept;
}

std::size_t Redactor::kept_size() const {
    const std::size_t payload =
        std::min<std::size_t>(layout_.payload(), redaction_.payload_bytes.value_or(UINT32_MAX));
    return std::min(layout_.header_end() + payload, buffer_.size());
}

bool Redactor::rewrite(const Layout::Place& place, Bytes kept) {
    if (place.offset >= kept.size()) return false;
    const Bytes bytes = kept.subspan(place.offset);
    const bool whole = place.size <= bytes.size();
    const Bytes there = bytes.first(whole ? place.size : bytes.size());
    if (place.kind == Kind::opaque || (!whole && redaction_.mask_addresses)) return clear(there);
    const Addresses addresses = redaction_.mask_addresses ? Addresses::blanked : Addresses::kept;
    switch (place.kind) {
        case Kind::ipv4_options:
            return blank_ipv4_options(there);
        case Kind::ipv6_options:
            return blank_ipv6_options(there, addresses);
        case Kind::tcp_options:
            return blank_tcp_options(there);
        case Kind::identifier:
            return redaction_.mask_addresses && clear(there);
        default:
            if (redaction_.mask_addresses) mask(there);
            return redaction_.mask_addresses;
    }
}

// A header keeps its checksum, right or wrong, where nothing in it may have changed.
void Redactor::make_sum(const Layout::Place& place, Bytes kept) {
    if (place.offset >= kept.size()) return;
    const Bytes bytes = kept.subspan(place.offset);
    const bool whole = place.size <= bytes.size();
    const Bytes there = bytes.first(whole ? place.size : bytes.size());
    if (place.kind == Kind::checksum || !whole) {
        clear(there);
    } else if (redaction_.mask_addresses || place.size > kIpv4FixedSize) {
        sum_up(there);
    }
}

void Redactor::mask(Bytes address) {
    const base::Address masked = mask_.mask(base::Address::from(address));
    std::copy_n(masked.bytes.begin(), address.size(), address.begin());
}

}  // namespace packetsentry::redact
