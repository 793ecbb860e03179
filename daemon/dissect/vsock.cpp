#include "daemon/dissect/vsock.h"

#include <bit>

namespace packetsentry::dissect {
namespace {

constexpr Protocol kVsock{.word = "vsock", .detail = kDetailOnly};

constexpr std::array<std::string_view, 5> kOperations{"Unknown", "Connect", "Disconnect", "Control",
                                                      "Payload"};
constexpr std::uint16_t kPayload = 4;

std::uint64_t u64_little(Cursor& bytes) {
    return std::byteswap(bytes.u64());
}

}  // namespace

Layer dissect_vsock(Cursor& bytes, Walk& walk) {
    constexpr std::size_t kIdSize = 8;
    const Cursor ids = Cursor(bytes).sub(2 * kIdSize);
    const std::uint64_t source = u64_little(bytes), destination = u64_little(bytes);
    const std::uint32_t source_port = bytes.u32_little(), destination_port = bytes.u32_little();
    const std::uint16_t operation = bytes.u16_little();
    bytes.skip(2);
    const std::size_t size = bytes.u16_little();
    const auto reserved = bytes.take(2);
    const Cursor transport = bytes.sub(size);
    walk.check(bytes);
    walk.understood(kVsock, LayerName::vsock);
    if (bytes.failed()) return {};
    walk.note(Layout::Kind::identifier, ids.left());
    walk.note(Layout::Kind::opaque, reserved);
    walk.note(Layout::Kind::opaque, transport.left());  // it has the addresses once more
    walk.payload_begins(bytes);
    const auto tell = [&](const auto&... more) {
        walk.detail(source, ":", std::uint64_t{source_port}, " -> ", destination, ":",
                    std::uint64_t{destination_port}, " ",
                    operation < kOperations.size() ? kOperations[operation] : kOperations[0], more...);
    };
    if (operation == kPayload)
        tell(" ", std::uint64_t{bytes.remaining_on_wire()}, " bytes");
    else
        tell();
    return {};
}

}  // namespace packetsentry::dissect
