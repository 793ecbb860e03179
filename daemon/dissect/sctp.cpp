#include "daemon/dissect/sctp.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kSctp{.word = "SCTP", .shows_ports = true, .detail = kDetailOnly};

constexpr std::array<std::string_view, 15> kChunks{
    "DATA",          "INIT",       "INIT ACK", "SACK",         "HEARTBEAT",
    "HEARTBEAT ACK", "ABORT",      "SHUTDOWN", "SHUTDOWN ACK", "ERROR",
    "COOKIE ECHO",   "COOKIE ACK", "ECNE",     "CWR",          "SHUTDOWN COMPLETE",
};

}  // namespace

Layer dissect_sctp(Cursor& bytes, Walk& walk) {
    const std::uint16_t source_port = bytes.u16();
    const std::uint16_t destination_port = bytes.u16();
    bytes.skip(4);
    const auto checksum = bytes.take<4>();
    walk.check(bytes);
    walk.understood(kSctp, LayerName::sctp);
    if (bytes.failed()) return {};
    walk.enter_ports(source_port, destination_port);
    walk.note(Layout::Kind::checksum, checksum);
    walk.payload_begins(bytes);
    if (bytes.empty()) return {};
    const std::uint8_t kind = bytes.u8();
    walk.detail(kind < kChunks.size() ? kChunks[kind] : "chunk");
    return {};
}

}  // namespace packetsentry::dissect
