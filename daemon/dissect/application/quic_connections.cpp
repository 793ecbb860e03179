#include "daemon/dissect/application/quic_connections.h"

#include <algorithm>
#include <cstring>

namespace packetsentry::dissect {
namespace {

constexpr std::uint64_t kFactor = 0x9E37'79B9'7F4A'7C15;

std::uint64_t mixed(std::uint64_t hash, std::uint64_t number) {
    hash = (hash ^ number) * kFactor;
    return hash ^ hash >> 32;
}

std::uint64_t mixed(std::uint64_t hash, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        std::uint64_t number = 0;
        const std::size_t size = std::min(bytes.size(), sizeof number);
        std::memcpy(&number, bytes.data(), size);
        hash = mixed(hash, number);
        bytes = bytes.subspan(size);
    }
    return hash;
}

}  // namespace

std::uint64_t QuicConnections::end_key(const End& end) const {
    return mixed(mixed(seed_, std::span(end.address.bytes).first(end.address.size)), end.port);
}

// Both directions have the same key. It is never 0.
std::uint64_t QuicConnections::key_of(const End& one, const End& other) const {
    return mixed(seed_, end_key(one) + end_key(other)) | 1U;
}

QuicConnections::Ends QuicConnections::ends_of(const Dissection& packet) {
    const auto inner = packet.inner_networks();
    if (inner.empty())
        return {{packet.source, packet.source_port}, {packet.destination, packet.destination_port}};
    const InnerNetwork& last = inner.back();
    return {{last.source, last.source_port}, {last.destination, last.destination_port}};
}

std::uint64_t QuicConnections::key_of(const Dissection& packet) const {
    const Ends ends = ends_of(packet);
    return key_of(ends.source, ends.destination);
}

void QuicConnections::note(const End& one, const End& other) {
    note(key_of(one, other));
}

void QuicConnections::note(std::uint64_t key) {
    if (!connections_) connections_ = std::make_unique<std::array<std::uint64_t, kConnections>>();
    (*connections_)[key / 2 % kConnections] = key;
}

bool QuicConnections::knows(const Dissection& packet) const {
    if (!connections_) return false;
    const std::uint64_t key = key_of(packet);
    return (*connections_)[key / 2 % kConnections] == key;
}

void QuicConnections::note_first_id(const Dissection& packet, std::span<const std::byte> id) {
    if (!first_ids_) first_ids_ = std::make_unique<std::array<Opened, kFirstIds>>();
    const Ends ends = ends_of(packet);
    const std::uint64_t key = key_of(ends.source, ends.destination);
    Opened& opened = (*first_ids_)[key / 2 % kFirstIds];
    opened = {.key = key, .client = end_key(ends.source), .id_bytes = static_cast<std::uint8_t>(id.size())};
    std::ranges::copy(id, opened.id.begin());
}

std::optional<QuicConnections::FirstId> QuicConnections::first_id(const Dissection& packet) const {
    if (!first_ids_) return std::nullopt;
    const Ends ends = ends_of(packet);
    const std::uint64_t key = key_of(ends.source, ends.destination);
    const Opened& opened = (*first_ids_)[key / 2 % kFirstIds];
    if (opened.key != key) return std::nullopt;
    const bool is_client = opened.client == end_key(ends.source);
    return FirstId{.sender = is_client ? QuicSide::client : QuicSide::server,
                   .id = std::span(opened.id).first(opened.id_bytes)};
}

std::string_view QuicConnections::join(const Dissection& packet, QuicSide sender,
                                       std::span<const std::byte> id, std::span<const QuicPiece> pieces) {
    if (!hellos_) hellos_ = std::make_unique<std::array<Hello, kHellos>>();
    const std::uint64_t of_sender = mixed(key_of(packet), static_cast<std::uint64_t>(sender));
    const std::uint64_t key = mixed(of_sender, id) | 1U;
    Hello& hello = (*hellos_)[key / 2 % kHellos];
    if (hello.key != key) {
        hello.key = key;
        hello.bytes.assign(kHelloLimit, '\0');
        hello.known.assign(kHelloLimit, false);
        hello.joined = 0;
    }
    for (const QuicPiece& piece : pieces) {
        if (piece.offset >= kHelloLimit) continue;
        const std::size_t size = std::min<std::size_t>(piece.bytes.size(), kHelloLimit - piece.offset);
        // Where pieces overlap, the first one counts.
        for (std::size_t i = 0; i < size; ++i) {
            const std::size_t at = piece.offset + i;
            if (!hello.known[at]) hello.bytes[at] = piece.bytes[i];
            hello.known[at] = true;
        }
    }
    while (hello.joined < kHelloLimit && hello.known[hello.joined]) ++hello.joined;
    return std::string_view(hello.bytes).substr(0, hello.joined);
}

}  // namespace packetsentry::dissect
