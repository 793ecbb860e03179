#include "daemon/dissect/application/tls_flight.h"

#include <algorithm>

#include "daemon/dissect/cursor.h"

namespace packetsentry::dissect {
namespace {

constexpr std::uint8_t kAlertRecord = 21, kHandshakeRecord = 22, kNamedCurve = 3;
constexpr std::size_t kFlightRecordHeader = 5, kFlightMessageHeader = 4;

enum FlightMessage : std::uint8_t { kCertificateMessage = 11, kKeyExchangeMessage = 12, kDoneMessage = 14 };

struct FlightMessages {
    std::span<const std::byte> bytes;
    bool ended = false;  // another kind of record follows
};

// The bytes of the handshake messages without the headers of their records. A warning may come before them,
// such as that the server does not know the name that it was asked for (RFC 6066 section 3).
FlightMessages messages_of(std::span<const std::byte> records, std::span<std::byte> room) {
    Cursor at(records);
    std::size_t size = 0;
    while (!at.empty()) {
        const std::uint8_t type = at.u8();
        at.skip(2);  // the version
        const std::size_t length = at.u16();
        const bool is_warning = type == kAlertRecord && size == 0;
        if (type != kHandshakeRecord && !is_warning) return {room.first(size), true};
        if (at.failed()) break;
        if (is_warning) {
            if (!at.has(length)) break;
            at.skip(length);
            continue;
        }
        const auto body = at.left().first(std::min({length, at.remaining(), room.size() - size}));
        std::ranges::copy(body, room.begin() + static_cast<std::ptrdiff_t>(size));
        size += body.size();
        at.skip(body.size());
        if (body.size() != length) break;
    }
    return {room.first(size)};
}

// A list of certificates, each behind its length of three bytes, as the list is. What lies behind the end of
// the list is no certificate.
std::span<const std::byte> first_certificate(Cursor message) {
    constexpr std::size_t kLengthBytes = 3;
    const std::size_t list = message.u24();
    const std::size_t size = message.u24();
    if (message.failed() || kLengthBytes + size > list || !message.has(size)) return {};
    return message.left().first(size);
}

std::optional<std::uint16_t> named_group(Cursor message) {
    const std::uint8_t type = message.u8();
    const std::uint16_t group = message.u16();
    if (message.failed() || type != kNamedCurve) return std::nullopt;
    return group;
}

}  // namespace

std::span<const std::byte> first_tls_message(std::span<const std::byte> records, std::span<std::byte> room) {
    if (std::min(records.size(), room.size()) < kFlightRecordHeader) return {};
    const auto messages = messages_of(records, room.subspan(kFlightRecordHeader)).bytes;
    Cursor at(messages);
    at.skip(1);  // the type
    const std::size_t size = kFlightMessageHeader + at.u24();
    if (at.failed() || messages.size() < size || size > UINT16_MAX) return {};
    std::ranges::copy(records.first(kFlightRecordHeader - 2), room.begin());
    room[0] = std::byte{kHandshakeRecord};
    room[kFlightRecordHeader - 2] = static_cast<std::byte>(size >> 8);
    room[kFlightRecordHeader - 1] = static_cast<std::byte>(size & 0xFF);
    return room.first(kFlightRecordHeader + size);
}

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
