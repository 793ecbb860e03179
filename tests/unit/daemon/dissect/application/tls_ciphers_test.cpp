#include "daemon/dissect/application/tls_ciphers.h"

#include <gtest/gtest.h>

namespace packetsentry::dissect {
namespace {

TEST(TlsCiphers, AreNamedAsTheRegistryNamesThem) {
    struct Case {
        std::uint16_t number;
        std::string_view name;
    };
    const Case cases[] = {
        {0x0000, "TLS_NULL_WITH_NULL_NULL"},
        {0x002F, "TLS_RSA_WITH_AES_128_CBC_SHA"},
        {0x1301, "TLS_AES_128_GCM_SHA256"},
        {0x1303, "TLS_CHACHA20_POLY1305_SHA256"},
        {0xC02B, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"},
        {0xC030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"},
        {0xCCA8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
        {0xD005, "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256"},
        {0xD006, ""},
        {0x0A0A, ""},
        {0xFFFF, ""},
    };
    for (const Case& c : cases) EXPECT_EQ(tls_cipher_name(c.number), c.name) << c.number;
}

}  // namespace
}  // namespace packetsentry::dissect
