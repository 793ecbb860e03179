#include "daemon/dissect/nsh.h"

#include <algorithm>

#include "daemon/dissect/ethernet.h"
#include "daemon/dissect/ipv4.h"
#include "daemon/dissect/ipv6.h"
#include "daemon/dissect/mpls.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kNsh{.word = "NSH", .detail = kDetailOnly};

struct NextProtocol {
    std::uint8_t number;
    LayerDissector dissect;
};
constexpr std::array kNextProtocols{
    NextProtocol{1, dissect_ipv4}, NextProtocol{2, dissect_ipv6}, NextProtocol{3, dissect_ethernet},
    NextProtocol{4, dissect_nsh},  NextProtocol{5, dissect_mpls},
};

constexpr std::size_t kNshFixedSize = 8;
constexpr std::uint16_t kNshVersion = 0xC000, kReserved = 0x1000, kWords = 0x003F;
constexpr std::uint8_t kUnused = 0xF0, kFixedContext = 1, kVariableContext = 2;
constexpr std::size_t kFixedContextSize = 16;

const NextProtocol* find(std::uint8_t number) {
    const auto* const row = std::ranges::find(kNextProtocols, number, &NextProtocol::number);
    return row == kNextProtocols.end() ? nullptr : row;
}

struct NshHeader {
    std::uint16_t flags = 0;
    std::uint8_t metadata = 0;
    std::uint8_t next = 0;

    [[nodiscard]] std::size_t size() const { return (flags & kWords) * std::size_t{4}; }
    [[nodiscard]] bool is_right() const {
        const std::uint8_t type = metadata & 0x0FU;
        return (flags & (kNshVersion | kReserved)) == 0 && (metadata & kUnused) == 0 &&
               find(next) != nullptr &&
               (type == kVariableContext ||
                (type == kFixedContext && size() == kNshFixedSize + kFixedContextSize));
    }
};

// Tells whether what the header announces has a check of its own that holds, as it must inside of a tunnel.
bool is_right_inside(std::uint8_t next, const Cursor& bytes) {
    const NextProtocol* const row = find(next);
    if (row == nullptr) return false;
    return row->dissect == dissect_ipv4       ? is_ipv4(bytes)
           : row->dissect == dissect_ipv6     ? is_ipv6(bytes)
           : row->dissect == dissect_ethernet ? is_ethernet(bytes)
                                              : false;
}

}  // namespace

bool is_next_protocol(std::uint8_t number) {
    return find(number) != nullptr;
}

Layer by_next_protocol(std::uint8_t number, Walk& walk) {
    if (const NextProtocol* const row = find(number)) return {row->dissect};
    walk.detail("next protocol ", std::uint64_t{number});
    return {};
}

Layer dissect_nsh(Cursor& bytes, Walk& walk) {
    NshHeader header;
    header.flags = bytes.u16();
    header.metadata = bytes.u8();
    header.next = bytes.u8();
    bytes.skip(4);
    walk.understood(kNsh, LayerName::nsh);
    if (header.size() < kNshFixedSize) bytes.fail();
    const auto context = bytes.take(bytes.failed() ? 0 : header.size() - kNshFixedSize);
    walk.check(bytes);
    if (bytes.failed()) return {};
    const bool is_named = walk.networks() == 0;
    if (!header.is_right() || (!is_named && !is_right_inside(header.next, bytes))) walk.stop_keeping();
    walk.note(Layout::Kind::opaque, context);
    walk.header_ends(bytes);
    if (!walk.enter_tunnel("nsh")) return {};
    return by_next_protocol(header.next, walk);
}

}  // namespace packetsentry::dissect
