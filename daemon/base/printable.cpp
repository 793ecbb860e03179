#include "daemon/base/printable.h"

#include <algorithm>
#include <array>

namespace packetsentry::base {
namespace {

struct Lead {
    std::size_t size;
    std::uint32_t bits;
    std::uint32_t lowest;  // smaller code points have a shorter form
};

Lead lead_of(unsigned char byte) {
    if (byte >= 0xc2 && byte <= 0xdf) return {2, byte & 0x1FU, 0x80};
    if (byte >= 0xe0 && byte <= 0xef) return {3, byte & 0x0FU, 0x800};
    if (byte >= 0xf0 && byte <= 0xf4) return {4, byte & 0x07U, 0x10000};
    return {0, 0, 0};
}

struct Range {
    std::uint32_t first;
    std::uint32_t last;
};

// Ascending: controls, then what is invisible, reorders text or breaks lines.
constexpr std::array kUnprintable = {
    Range{0x00, 0x1f},       Range{0x7f, 0x9f},       Range{0xad, 0xad},     Range{0x034f, 0x034f},
    Range{0x061c, 0x061c},   Range{0x180b, 0x180f},   Range{0x200b, 0x200f}, Range{0x2028, 0x202e},
    Range{0x2060, 0x206f},   Range{0xfeff, 0xfeff},   Range{0xfff9, 0xfffb}, Range{0x1bca0, 0x1bca3},
    Range{0x1d173, 0x1d17a}, Range{0xe0000, 0xe0fff},
};

}  // namespace

bool Character::printable() const {
    const auto* range = std::ranges::lower_bound(kUnprintable, code, {}, &Range::last);
    return valid && (range == kUnprintable.end() || code < range->first);
}

Character first_character(std::string_view bytes) {
    const auto first = static_cast<unsigned char>(bytes.front());
    if (first < 0x80) return {first, 1, true};
    const Lead lead = lead_of(first);
    if (lead.size == 0 || bytes.size() < lead.size) return {};
    std::uint32_t code = lead.bits;
    for (std::size_t i = 1; i < lead.size; ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        if ((byte & 0xc0) != 0x80) return {};
        code = code << 6 | (byte & 0x3fU);
    }
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    if (code < lead.lowest || code > 0x10ffff || surrogate) return {};
    return {code, lead.size, true};
}

}  // namespace packetsentry::base
