#include "daemon/redact/options.h"

#include <algorithm>
#include <cstdint>

namespace packetsentry::redact {
namespace {

// An option may have the sizes from the least to the most, in steps.
struct Option {
    std::uint8_t kind;
    std::uint8_t least;
    std::uint8_t most;
    std::uint8_t step = 1;
    bool holds_addresses = false;
};
using Options = std::span<const Option>;

// The size counts kind and size.
constexpr Option kIpv4Options[] = {
    {148, 4, 4},  // router alert, RFC 2113 section 2.1
};
constexpr Option kTcp[] = {
    {2, 4, 4},       // maximum segment size, RFC 9293 section 3.2
    {3, 3, 3},       // window scale, RFC 7323 section 2.2
    {4, 2, 2},       // SACK permitted, RFC 2018 section 2
    {5, 10, 34, 8},  // SACK of one to four blocks, RFC 2018 section 3
    {8, 10, 10},     // timestamps, RFC 7323 section 3.2
};
// The size counts the data alone.
constexpr Option kIpv6Options[] = {
    {0x04, 1, 1},             // tunnel encapsulation limit, RFC 2473 section 4.1.1
    {0x05, 2, 2},             // router alert, RFC 2711 section 2.1
    {0xC2, 4, 4},             // jumbo payload, RFC 2675 section 2
    {0xC9, 16, 16, 1, true},  // home address, RFC 6275 section 6.3
};

bool stays(Options options, std::uint8_t kind, std::size_t size, Addresses addresses) {
    return std::ranges::any_of(options, [=](const Option& option) {
        return option.kind == kind && size >= option.least && size <= option.most &&
               (size - option.least) % option.step == 0 &&
               !(option.holds_addresses && addresses == Addresses::blanked);
    });
}

constexpr std::uint8_t kEnd = 0, kNoOperation = 1;
constexpr std::uint8_t kPadOne = 0, kPad = 1;

bool fill(std::span<std::byte> bytes, std::uint8_t with) {
    const bool filled = std::ranges::all_of(bytes, [=](std::byte byte) { return byte == std::byte{with}; });
    std::ranges::fill(bytes, std::byte{with});
    return !filled;
}

// RFC 791 section 3.1, RFC 9293 section 3.2.
bool blank(std::span<std::byte> options, Options kept) {
    bool changed = false;
    while (!options.empty()) {
        const auto kind = std::to_integer<std::uint8_t>(options[0]);
        if (kind == kEnd) return fill(options, kEnd) || changed;
        if (kind == kNoOperation) {
            options = options.subspan(1);
            continue;
        }
        const std::size_t size = options.size() < 2 ? 0 : std::to_integer<std::size_t>(options[1]);
        if (size < 2 || size > options.size()) return fill(options, kNoOperation) || changed;
        if (!stays(kept, kind, size, Addresses::blanked)) changed |= fill(options.first(size), kNoOperation);
        options = options.subspan(size);
    }
    return changed;
}

}  // namespace

bool blank_ipv4_options(std::span<std::byte> options) {
    return blank(options, kIpv4Options);
}

bool blank_tcp_options(std::span<std::byte> options) {
    return blank(options, kTcp);
}

// RFC 8200 section 4.2.
bool blank_ipv6_options(std::span<std::byte> options, Addresses addresses) {
    bool changed = false;
    while (!options.empty()) {
        const auto kind = std::to_integer<std::uint8_t>(options[0]);
        if (kind == kPadOne) {
            options = options.subspan(1);
            continue;
        }
        const std::size_t size = options.size() < 2 ? 0 : 2 + std::to_integer<std::size_t>(options[1]);
        if (size == 0 || size > options.size()) return fill(options, kPadOne) || changed;
        if (!stays(kIpv6Options, kind, size - 2, addresses)) {
            changed |= fill(options.first(1), kPad);
            changed |= fill(options.first(size).subspan(2), 0);
        }
        options = options.subspan(size);
    }
    return changed;
}

}  // namespace packetsentry::redact
