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

std::uint64_t QuicConnections::end_key(const base::Address& address, std::uint16_t port) const {
    return mixed(mixed(seed_, std::span(address.bytes).first(address.size)), port);
}

// Both directions have the same key. It is never 0.
std::uint64_t QuicConnections::key_of(const Dissection& packet) const {
    const auto inner = packet.inner_networks();
    if (inner.empty())
        return mixed(seed_, end_key(packet.source, packet.source_port) +
                                end_key(packet.destination, packet.destination_port)) |
               1U;
    const InnerNetwork& last = inner.back();
    return mixed(seed_,
                 end_key(last.source, last.source_port) + end_key(last.destination, last.destination_port)) |
           1U;
}

void QuicConnections::note(const Dissection& packet) {
    if (!connections_) connections_ = std::make_unique<std::array<std::uint64_t, kConnections>>();
    const std::uint64_t key = key_of(packet);
    (*connections_)[key / 2 % kConnections] = key;
}

bool QuicConnections::knows(const Dissection& packet) const {
    if (!connections_) return false;
    const std::uint64_t key = key_of(packet);
    return (*connections_)[key / 2 % kConnections] == key;
}

std::string_view QuicConnections::join(const Dissection& packet, std::span<const std::byte> destination_id,
                                       std::span<const QuicPiece> pieces) {
    if (!hellos_) hellos_ = std::make_unique<std::array<Hello, kHellos>>();
    const std::uint64_t key = mixed(key_of(packet), destination_id) | 1U;
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
