// QUIC long headers (RFC 8999 section 5.1; RFC 9000 section 17.2; version 2: RFC 9369), and what Initial
// packets have of the TLS hellos. Short headers look like anything, and are QUIC only between hosts of
// which that is known already (quic_connections.h).
#include <array>

#include "daemon/dissect/application/application_protocols.h"
#include "daemon/dissect/application/encoded_bytes.h"
#include "daemon/dissect/application/quic_connections.h"
#include "daemon/dissect/application/quic_hello.h"
#include "daemon/dissect/application/quic_initial.h"
#include "daemon/dissect/application/quic_number.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kQuicVersion = field("packetsentry.quic.version");
constexpr const FieldInfo& kPacketType = field("packetsentry.quic.packet_type");

constexpr const FieldInfo& kDestinationId = field("packetsentry.quic.destination_connection_id");
constexpr const FieldInfo& kSourceId = field("packetsentry.quic.source_connection_id");

constexpr const FieldInfo* kQuicDetail[] = {&kPacketType, &kQuicVersion, &field("tls.client.server_name")};
constexpr Protocol kQuic{"QUIC", "quic", true, kQuicDetail};
constexpr Protocol kQuicWithHello{"QUIC", "quic", true, kQuicDetail, "quic:tls"};

constexpr std::uint8_t kLongHeader = 0x80, kFixedBit = 0x40;
constexpr std::uint32_t kNegotiation = 0, kVersion1 = 1, kVersion2 = 0x6B3343CF;

bool is_draft(std::uint32_t version) {
    return version >> 8 == 0xFF0000;
}

// "Q043" to "Q059" and "T050" on: Google's own, since long headers came.
bool is_google(std::uint32_t version) {
    const auto digit = [](std::uint32_t byte) { return (byte & 0xFF) >= '0' && (byte & 0xFF) <= '9'; };
    const std::uint32_t letter = version >> 24;
    return (letter == 'Q' || letter == 'T') && digit(version >> 16) && digit(version >> 8) && digit(version);
}

bool is_known(std::uint32_t version) {
    return version == kVersion1 || version == kVersion2 || is_draft(version) || is_google(version);
}

std::string_view version_text(std::uint32_t version, Dissection& out) {
    if (version == kVersion1) return "1";
    if (version == kVersion2) return "2";
    const std::size_t begin = out.begin_text();
    if (is_draft(version)) {
        out.put("draft-");
        out.put_number(version & 0xFF);
    } else if (is_google(version)) {
        for (int shift = 24; shift >= 0; shift -= 8) out.put(static_cast<char>(version >> shift & 0xFF));
    } else {
        out.put("0x");
        for (int shift = 28; shift >= 0; shift -= 4) out.put("0123456789abcdef"[version >> shift & 0xF]);
    }
    return out.text_since(begin);
}

enum class PacketType : std::uint8_t { initial, zero_rtt, handshake, retry };

constexpr std::array<std::string_view, 4> kPacketTypes = {"Initial", "0-RTT", "Handshake", "Retry"};

// The two bits of the first byte; version 2 numbers them one further on.
PacketType packet_type(std::uint8_t first, std::uint32_t version) {
    const unsigned bits = first >> 4 & 3U;
    return static_cast<PacketType>(version == kVersion2 ? (bits + 3) & 3 : bits);
}

// Destination, then source.
struct ConnectionIds {
    std::span<const std::byte> destination;
    std::span<const std::byte> source;
};

// false: they cannot be that.
bool read_connection_ids(Cursor& at, ConnectionIds& ids) {
    for (auto* const id : {&ids.destination, &ids.source}) {
        const std::uint8_t size = at.u8();
        if (size > kQuicConnectionIdLimit) return false;
        *id = at.take(size);
    }
    return !at.malformed();
}

void add_connection_id(const FieldInfo& info, std::span<const std::byte> id, Dissection& out) {
    if (id.empty()) return;
    const std::size_t begin = out.begin_text();
    put_hex_bytes(id, out);
    out.add(info, out.text_since(begin));
}

// The first Initial packet of a client opens with its own destination connection ID, and so do those behind a
// Retry. The others of the connection, of the server too, open with that one (RFC 9001 section 5.2), which is
// the latest one between the same ends: seldom two have more than one connection at a time.
// Apart, because what it needs on the stack is large, and most packets do not come here.
[[gnu::noinline]] void read_initial(QuicInitial initial, Dissection& out) {
    QuicFrames room;
    std::span<const std::byte> frames;
    const auto read = [&](QuicSide sender, std::span<const std::byte> id) {
        initial.sender = sender;
        initial.destination_id = id;
        frames = open_quic_initial(initial, room);
        return !frames.empty();
    };
    const auto own_id = initial.destination_id;
    const auto first = out.quic == nullptr ? std::nullopt : out.quic->first_id(out);
    const bool is_answer = first && first->sender == QuicSide::server && read(QuicSide::server, first->id);
    if (!is_answer && read(QuicSide::client, own_id)) {
        if (out.quic != nullptr) out.quic->note_first_id(out, own_id);
    } else if (!is_answer && first && first->sender == QuicSide::client) {
        (void)read(QuicSide::client, first->id);
    }
    out.quic_opened = !frames.empty();
    if (out.quic_opened && read_quic_hello(Cursor(frames), initial.sender, initial.destination_id, out))
        out.protocol = &kQuicWithHello;
}

// What follows the connection IDs: a token (Initial), then the length of the rest. datagram: at's, from its
// first byte on.
void read_rest(PacketType type, QuicVersion version, const ConnectionIds& ids,
               std::span<const std::byte> datagram, Cursor& at, Dissection& out) {
    if (type == PacketType::retry) return;
    if (type == PacketType::initial) at.skip(read_quic_number(at));
    const std::uint64_t size = read_quic_number(at);
    const std::size_t number_offset = datagram.size() - at.remaining();
    at.skip(size);
    if (at.malformed()) out.malformed = true;
    if (type != PacketType::initial || at.failed()) return;
    const QuicInitial initial{.version = version,
                              .sender = QuicSide::client,
                              .destination_id = ids.destination,
                              .packet = datagram.first(number_offset + size),
                              .number_offset = number_offset};
    read_initial(initial, out);
}

// RFC 9287: ends that have agreed to it clear the fixed bit at random. The client's offer may lie in an
// earlier connection, but hardly any connection has not one packet of a long header in which the bit is set.
bool may_clear_fixed_bit(const Dissection& packet) {
    return packet.quic != nullptr && packet.quic->knows(packet);
}

// any_version: versions not known and version negotiation too, which only a port can vouch for.
bool dissect_long_header(Cursor payload, bool any_version, Dissection& out) {
    const std::span<const std::byte> datagram = payload.left();
    const std::uint8_t first = payload.u8();
    const std::uint32_t version = payload.u32();
    if ((first & kLongHeader) == 0 || payload.failed()) return false;
    const bool known = is_known(version);
    if (!known && !any_version) return false;
    if ((first & kFixedBit) == 0 && version != kNegotiation && !(known && may_clear_fixed_bit(out)))
        return false;
    ConnectionIds ids;
    if (!read_connection_ids(payload, ids)) return false;

    out.protocol = &kQuic;
    if (known && out.quic != nullptr) out.quic->note(out);
    add_connection_id(kDestinationId, ids.destination, out);
    add_connection_id(kSourceId, ids.source, out);
    if (version == kNegotiation) {
        out.add(kPacketType, "Version Negotiation");
        return true;
    }
    out.add(kQuicVersion, version_text(version, out));
    if (version != kVersion1 && version != kVersion2) return true;  // the rest is the version's own affair
    const PacketType type = packet_type(first, version);
    out.add(kPacketType, kPacketTypes[static_cast<std::size_t>(type)]);
    read_rest(type, version == kVersion2 ? QuicVersion::version_2 : QuicVersion::version_1, ids, datagram,
              payload, out);
    return true;
}

// RFC 9443: what else is sent between the same two ports begins with smaller numbers. No packet of QUIC with
// a short header has fewer bytes than this (RFC 9001 section 5.4.2).
bool may_be_greased(std::span<const std::byte> datagram) {
    constexpr std::size_t kShortest = 21;
    constexpr std::uint32_t kStunCookie = 0x2112A442;  // RFC 8489 section 5
    constexpr std::uint8_t kFirstOfDtls = 20, kLastOfDtls = 63, kDtlsVersion = 0xFE;
    if (datagram.size() < kShortest) return false;
    Cursor at(datagram);
    const std::uint8_t first = at.u8();
    const std::uint8_t second = at.u8();
    at.skip(2);
    const bool dtls = first >= kFirstOfDtls && first <= kLastOfDtls && second == kDtlsVersion;
    return !dtls && at.u32() != kStunCookie;
}

}  // namespace

bool dissect_quic(Cursor payload, Dissection& out) {
    return dissect_long_header(payload, false, out);
}

// RFC 9000 section 17.3.1: the first bit is 0, and the rest is known to both ends alone. RFC 9287: the second
// bit is 1 only until they have agreed to something else.
bool dissect_known_quic(Cursor payload, Dissection& out) {
    const std::span<const std::byte> datagram = payload.left();
    const std::uint8_t first = payload.u8();
    if (payload.failed() || (first & kLongHeader) != 0) return false;
    if ((first & kFixedBit) == 0 && !may_be_greased(datagram)) return false;
    if (out.quic == nullptr || !out.quic->knows(out)) return false;
    out.protocol = &kQuic;
    return true;
}

bool dissect_quic_any_version(Cursor payload, Dissection& out) {
    return dissect_long_header(payload, true, out);
}

}  // namespace packetsentry::dissect
