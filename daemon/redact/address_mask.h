// Other addresses in place of the true ones, so that a capture still shows who talked with whom and which
// hosts share a network.
//
// Prefix-preserving after J. Xu, J. Fan, M. Ammar, S. Moon, "Prefix-Preserving IP Address Anonymization:
// Measurement-based Security Evaluation and a New Cryptography-based Scheme" (Crypto-PAn, ICNP 2002): each
// bit is flipped or not by a keyed pseudo-random function of the bits before it, here SipHash-2-4. Two
// addresses that share n bits share exactly n once masked, and no two become one.
//
// What it does not hide: who knows one address's true value knows the prefixes of its neighbours, and
// traffic can give an address away (the host everybody asks on port 53). The paper's section 5.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "daemon/base/address.h"

namespace packetsentry::redact {

class AddressMask {
  public:
    static constexpr std::size_t kKeySize = 32;
    using Key = std::span<const std::byte, kKeySize>;

    explicit AddressMask(Key key);
    ~AddressMask();

    // Returns the masked form of an IPv4, IPv6 or MAC address, which is always the same for the same key.
    // Zeros stay zeros, special addresses stay what they are (special_addresses.h), and a MAC address keeps
    // its group bit and its local bit. An address of any other size becomes zeros.
    [[nodiscard]] base::Address mask(const base::Address& address);

  private:
    struct Cache;

    [[nodiscard]] base::Address compute(const base::Address& address) const;
    [[nodiscard]] base::Address flip(const base::Address& address) const;

    std::array<std::byte, kKeySize> key_;
    std::unique_ptr<Cache> cache_;
};

}  // namespace packetsentry::redact
