// The names of TLS cipher suites.
#pragma once

#include <cstdint>
#include <string_view>

namespace packetsentry::dissect {

// "TLS_AES_128_GCM_SHA256", as the IANA registry "TLS Cipher Suites" has it; empty for a number that the
// registry gives to none.
[[nodiscard]] std::string_view tls_cipher_name(std::uint16_t number);

}  // namespace packetsentry::dissect
