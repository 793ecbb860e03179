// What a server of TLS up to 1.2 sends in the clear behind its hello: a certificate and how a key is agreed
// on (RFC 5246 section 7.3). It lies in several segments, so whoever has put them together reads it here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace packetsentry::dissect {

struct TlsFlight {
    // DER, the server's own, which is the first one of its chain (RFC 5246 section 7.4.2). Empty: there is
    // none, or not all of it. It lies in the room that read_tls_flight() was given.
    std::span<const std::byte> certificate = {};
    std::optional<std::uint16_t> group = {};  // of the key exchange (RFC 8422 section 5.4)
    bool over = false;                        // there is nothing more to come
};

// records: from the first byte of a record on, as far as they are there. room: as large as these. Messages
// may begin in one record and end in another.
[[nodiscard]] TlsFlight read_tls_flight(std::span<const std::byte> records, std::span<std::byte> room);

}  // namespace packetsentry::dissect
