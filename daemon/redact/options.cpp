#include "daemon/redact/options.h"

#include <algorithm>
#include <cstdint>

namespace packetsentry::redact {
namespace {

using Kinds = std::span<const std::uint8_t>;

constexpr std::uint8_t kIpv4Kept[] = {148};               // router alert
constexpr std::uint8_t kTcpKept[] = {2, 3, 4, 5, 8};      // MSS, window scale, SACK, timestamps
constexpr std::uint8_t kIpv6Kept[] = {0x04, 0x05, 0xC2};  // tunnel limit, router alert, jumbo payload

constexpr std::uint8_t kEnd = 0, kNoOperation = 1;
constexpr std::uint8_t kPadOne = 0, kPad = 1;

void fill(std::span<std::byte> bytes, std::uint8_t with) {
    std::ranges::fill(bytes, std::byte{with});
}

// RFC 791 section 3.1, RFC 9293 section 3.2: the size counts kind and size.
void blank(std::span<std::byte> options, Kinds kept) {
    while (!options.empty()) {
        const auto kind = std::to_integer<std::uint8_t>(options[0]);
        if (kind == kEnd) return fill(options, kEnd);
        if (kind == kNoOperation) {
            options = options.subspan(1);
            continue;
        }
        const std::size_t size = options.size() < 2 ? 0 : std::to_integer<std::size_t>(options[1]);
        if (size < 2 || size > options.size()) return fill(options, kNoOperation);
        if (std::ranges::find(kept, kind) == kept.end()) fill(options.first(size), kNoOperation);
        options = options.subspan(size);
    }
}

}  // namespace

void blank_ipv4_options(std::span<std::byte> options) {
    blank(options, kIpv4Kept);
}

void blank_tcp_options(std::span<std::byte> options) {
    blank(options, kTcpKept);
}

// RFC 8200 section 4.2: the size counts the data alone.
void blank_ipv6_options(std::span<std::byte> options) {
    while (!options.empty()) {
        const auto kind = std::to_integer<std::uint8_t>(options[0]);
        if (kind == kPadOne) {
            options = options.subspan(1);
            continue;
        }
        const std::size_t size = options.size() < 2 ? 0 : 2 + std::to_integer<std::size_t>(options[1]);
        if (size == 0 || size > options.size()) return fill(options, kPadOne);
        if (std::ranges::find(kIpv6Kept, kind) == std::end(kIpv6Kept)) {
            options[0] = std::byte{kPad};
            fill(options.first(size).subspan(2), 0);
        }
        options = options.subspan(size);
    }
}

}  // namespace packetsentry::redact
