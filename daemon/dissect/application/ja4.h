// JA4, the fingerprint of a TLS client: what its hello offers, in a form that does not depend on the order in
// which the client happens to list it. FoxIO, "JA4: TLS Client Fingerprinting"
// (https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

// Numbers that clients put into their lists at random, so that no server relies on what is not there
// (GREASE, RFC 8701 section 2): 0x0A0A, 0x1A1A, ... 0xFAFA.
[[nodiscard]] constexpr bool is_grease(std::uint16_t number) {
    return (number & 0x0F0F) == 0x0A0A && number >> 8 == (number & 0xFF);
}

// Collects what a fingerprint is made of. Numbers of GREASE are left out of every list.
class Ja4 {
  public:
    static constexpr std::size_t kListLimit = 256;  // numbers in each list

    enum class Carrier : char { tcp = 't', quic = 'q' };

    explicit Ja4(Carrier carrier) : carrier_(carrier) {}

    // The version that stands at the beginning of the hello.
    void set_hello_version(std::uint16_t version) { hello_version_ = version; }
    // The extension that lists versions is there, and has this one. The highest one counts.
    void add_offered_version(std::uint16_t version);
    void has_offered_versions() { offers_versions_ = true; }
    void add_cipher(std::uint16_t number) { ciphers_.add(number); }
    void add_extension(std::uint16_t type);
    void add_signature_algorithm(std::uint16_t number) { signatures_.add(number); }
    // The first of the application protocols, which must live until tell().
    void set_first_protocol(std::string_view protocol) { protocol_ = protocol; }

    // Adds packetsentry.tls.ja4 and packetsentry.tls.ja4_r. A hello with a longer list than this can hold has
    // none, and the packet is incomplete. To be called once, as it sorts the lists.
    void tell(Dissection& out);

  private:
    class Numbers {
      public:
        void add(std::uint16_t number);
        void sort();
        [[nodiscard]] std::span<const std::uint16_t> all() const { return {numbers_.data(), count_}; }
        [[nodiscard]] bool overflowed() const { return overflowed_; }

      private:
        std::size_t count_ = 0;
        bool overflowed_ = false;
        std::array<std::uint16_t, kListLimit> numbers_;
    };

    void put_first_part(Dissection& out) const;
    void put_protocol(Dissection& out) const;
    static void put_list(std::span<const std::uint16_t> numbers, Dissection& out);

    Carrier carrier_;
    bool offers_versions_ = false;
    bool has_server_name_ = false;
    std::uint16_t hello_version_ = 0;
    std::uint16_t offered_version_ = 0;  // the highest
    std::size_t extension_count_ = 0;
    std::string_view protocol_;
    Numbers ciphers_;
    Numbers extensions_;  // but those of the server's name and of the application protocols
    Numbers signatures_;
};

}  // namespace packetsentry::dissect
