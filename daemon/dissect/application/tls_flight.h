// Messages of a handshake of TLS that lie in several segments, for whoever has put the segments together: a
// hello, and what a server up to TLS 1.2 sends in the clear behind its own, a certificate and how a key is
// agreed on (RFC 5246 section 7.3). A message may begin in one record and end in another.
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

// records: from the first byte of a record on, as far as they are there. room: as large as these, or only as
// much is read as it holds.

// The first message in a record of its own, which lies in the room. Empty: not all of it is there.
[[nodiscard]] std::span<const std::byte> first_tls_message(std::span<const std::byte> records,
                                                           std::span<std::byte> room);

[[nodiscard]] TlsFlight read_tls_flight(std::span<const std::byte> records, std::span<std::byte> room);

}  // namespace packetsentry::dissect
