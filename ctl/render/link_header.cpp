// The dissector, which knows every header, runs in the worker and tells the client only what it found. To
// show bytes, the end of the link layer header is enough, and a frame is at most shown from its beginning on.
#include "ctl/render/link_header.h"

#include <algorithm>
#include <array>
#include <optional>

namespace packetsentry::ctl::render {
namespace {

constexpr std::size_t kTagBytes = 4;
constexpr std::uint16_t kLongestLength = 1500;  // above it the field is an EtherType
constexpr std::array<std::uint16_t, 4> kTagTypes = {0x8100, 0x88A8, 0x9100, 0x9200};
constexpr std::uint16_t kJumbo = 0x8870;                             // an EtherType, but LLC follows
constexpr std::uint16_t kNovellRaw = 0x0001, kNovellOrLlc = 0x0004;  // of Linux, in place of an EtherType

std::uint8_t byte_of(std::string_view frame, std::size_t at) {
    return static_cast<std::uint8_t>(frame[at]);
}

// None: the frame ends before.
std::optional<std::uint16_t> short_of(std::string_view frame, std::size_t at) {
    if (frame.size() < at + 2) return std::nullopt;
    return static_cast<std::uint16_t>(byte_of(frame, at) << 8 | byte_of(frame, at + 1));
}

// IEEE 802.2: DSAP, SSAP and control, which has one byte if its lower two bits are set; SNAP adds five bytes.
// IPX of Novell has no such header, and begins with FF FF.
std::size_t llc_bytes(std::string_view frame, std::size_t at) {
    constexpr std::size_t kShortest = 3, kSnap = 5;
    constexpr std::uint16_t kSnapPoints = 0xAAAA, kNovell = 0xFFFF;
    const auto points = short_of(frame, at);
    if (!points || frame.size() < at + kShortest) return frame.size() - std::min(at, frame.size());
    if (*points == kNovell) return 0;
    const std::uint8_t control = byte_of(frame, at + 2);
    const std::size_t header = (control & 3) == 3 ? kShortest : kShortest + 1;
    const bool has_snap = *points == kSnapPoints && control == 3;
    return header + (has_snap ? kSnap : 0);
}

// type: where the EtherType or the length is, behind which the tags are.
std::size_t behind_ethertype(std::string_view frame, std::size_t type) {
    auto number = short_of(frame, type);
    std::size_t end = type + 2;
    while (number && std::ranges::find(kTagTypes, *number) != kTagTypes.end()) {
        number = short_of(frame, end + 2);
        end += kTagBytes;
    }
    if (number && (*number <= kLongestLength || *number == kJumbo)) end += llc_bytes(frame, end);
    return end;
}

std::size_t ethernet(std::string_view frame) {
    return behind_ethertype(frame, 12);
}

std::size_t linux_cooked(std::string_view frame) {
    constexpr std::size_t kType = 14;
    const auto number = short_of(frame, kType);
    if (number == kNovellRaw) return kType + 2;
    if (number == kNovellOrLlc) return kType + 2 + llc_bytes(frame, kType + 2);
    return number && *number <= kLongestLength ? kType + 2 : behind_ethertype(frame, kType);
}

std::size_t linux_cooked_2(std::string_view) {
    return 20;
}

std::size_t address_family(std::string_view) {
    return 4;
}

// RFC 1661 and 1662: address and control may be left out, and of the protocol's two bytes the first.
std::size_t ppp(std::string_view frame) {
    const std::size_t address = short_of(frame, 0) == 0xFF03 ? 2 : 0;
    const bool short_protocol = frame.size() > address && (byte_of(frame, address) & 1) != 0;
    return address + (short_protocol ? 1 : 2);
}

std::size_t address_and_protocol(std::string_view) {
    return 4;
}

std::size_t pppoe(std::string_view frame) {
    constexpr std::size_t kHeader = 6;
    return kHeader + ppp(frame.substr(std::min(kHeader, frame.size())));
}

struct LinkHeader {
    std::uint32_t link_type;
    std::size_t (*bytes)(std::string_view frame);
};

// What is not here has no link layer header (raw IP), or is shown as a whole.
constexpr std::array kLinkHeaders = {
    LinkHeader{0, address_family},
    LinkHeader{1, ethernet},
    LinkHeader{9, ppp},
    LinkHeader{50, address_and_protocol},
    LinkHeader{51, pppoe},
    LinkHeader{104, address_and_protocol},
    LinkHeader{108, address_family},
    LinkHeader{113, linux_cooked},
    LinkHeader{276, linux_cooked_2},
};

}  // namespace

std::size_t link_header_bytes(std::uint32_t link_type, std::string_view frame) {
    const auto* const found = std::ranges::find(kLinkHeaders, link_type, &LinkHeader::link_type);
    return found == kLinkHeaders.end() ? 0 : found->bytes(frame);
}

}  // namespace packetsentry::ctl::render
