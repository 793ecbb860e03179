// What a job may not record is taken out of each frame before anything else sees it: rows and the saved
// file are both made of what redact() returns.
//
//   payload cut       what lies behind the last header that a dissector vouched for (dissect/layout.h); of a
//                     transport's payload the first bytes may stay. Fragments but the first, unknown
//                     protocols and broken headers have nothing behind the header before them. In the headers
//                     whatever could hold anything is emptied: options (options.h), unused and reserved
//                     bytes, check values. It makes no difference whether any payload was there to be cut.
//   addresses masked  address_mask.h, wherever one stands in a header; home addresses and routing headers are
//                     emptied. Payloads are full of addresses (DNS, DHCP, quoted packets), so this cuts them
//                     whole.
//
// Checksums of TCP, UDP, ICMP and their like give away what they were computed over: the two bytes of the
// sum are enough for a key pressed in a terminal session, or for half an address. They become zeros
// wherever something was cut or masked. IPv4's header checksum is computed anew.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "daemon/dissect/dissect.h"
#include "daemon/redact/address_mask.h"

namespace packetsentry::redact {

struct Redaction {
    std::optional<std::uint32_t> payload_bytes = {};  // none: all of it
    bool mask_addresses = false;                      // whatever payload_bytes says, none is kept
};

class Redactor {
  public:
    // key: for mask_addresses only.
    Redactor(const Redaction& redaction, AddressMask::Key key);

    // frame, wire_bytes, link_type and out as for dissect::dissect(). What is left of the frame, never
    // longer, valid until the next call; the wire's length stays true beside it. out: what is left,
    // dissected; malformed where the whole frame was.
    [[nodiscard]] std::span<const std::byte> redact(std::span<const std::byte> frame, std::size_t wire_bytes,
                                                    std::uint32_t link_type, dissect::Dissection& out);

  private:
    [[nodiscard]] std::size_t kept_size() const;
    // Tells whether it may have changed a byte.
    bool rewrite(const dissect::Layout::Place& place, std::span<std::byte> kept);
    void make_sum(const dissect::Layout::Place& place, std::span<std::byte> kept);
    void mask(std::span<std::byte> address);

    Redaction redaction_;
    AddressMask mask_;
    dissect::Layout layout_;
    std::vector<std::byte> buffer_;
};

}  // namespace packetsentry::redact
