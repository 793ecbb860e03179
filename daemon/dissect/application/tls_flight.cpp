#include "daemon/dissect/application/tls_flight.h"

#include <algorithm>

#include "daemon/dissect/cursor.h"

namespace packetsentry::dissect {
namespace {

constexpr std::uint8_t kHandshakeRecord = 22, kNamedCurve = 3;

enum FlightMessage : std::uint8_t { kCertificateMessage = 11, kKeyExchangeMessage = 12, kDoneMessage = 14 };

struct FlightMessages {
    std::span<const std::byte> bytes;
    bool ended = false;  // another kind of record follows
};

// The bytes of the handshake messages without the headers of their records.
FlightMessages messages_of(std::span<const std::byte> records, std::span<std::byte> room) {
    Cursor at(records);
    std::size_t size = 0;
    while (!at.empty()) {
        const std::uint8_t type = at.u8();
        at.skip(2);  // the version
        const std::size_t length = at.u16();
        if (type != kHandshakeRecord) return {room.first(size), true};
        if (at.failed()) break;
        const auto body = at.left().first(std::min(length, at.remaining()));
        std::ranges::copy(body, room.begin() + static_cast<std::ptrdiff_t>(size));
        size += body.size();
        at.skip(body.size());
        if (body.size() != length) break;
    }
    return {room.first(size)};
}

// A list of certificates, each behind its length of three bytes, as the list is.
std::span<const std::byte> first_certificate(Cursor message) {
    message.skip(3);
    const std::size_t size = message.u24();
    if (message.failed() || !message.has(size)) return {};
    return message.left().first(size);
}

std::optional<std::uint16_t> named_group(Cursor message) {
    const std::uint8_t type = message.u8();
    const std::uint16_t group = message.u16();
    if (message.failed() || type != kNamedCurve) return std::nullopt;
    return group;
}

}  // namespace

TlsFlight read_tls_flight(std::span<const std::byte> records, std::span<std::byte> room) {
    const FlightMessages messages = messages_of(records, room);
    TlsFlight flight;
    Cursor at(messages.bytes);
    bool whole = true;
    while (whole && !at.empty()) {
        const std::uint8_t type = at.u8();
        const std::size_t size = at.u24();
        if (at.failed()) break;
        whole = at.has(size);
        const Cursor body(at.left().first(std::min(size, at.remaining())));
        at.skip(std::min(size, at.remaining()));
        if (type == kCertificateMessage && flight.certificate.empty())
            flight.certificate = first_certificate(body);
        if (type == kKeyExchangeMessage && !flight.group) flight.group = named_group(body);
        if (type == kDoneMessage) flight.over = true;
    }
    flight.over |= messages.ended;
    return flight;
}

}  // namespace packetsentry::dissect
